-- The present epoch, 0 before the first, and whether views are being rewritten in it.
SELECT epochs.1 AS epoch, epochs.2 AS is_rewriting
FROM (SELECT max((epoch, is_rewriting)) AS epochs FROM closed_epochs);
