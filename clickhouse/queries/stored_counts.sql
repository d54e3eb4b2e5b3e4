-- answers: how many events ClickHouse holds in all
-- parameters: none
-- one row is: the whole of the log, of the drops, of the corrected visitors, and of the ids; always one row
SELECT
    (SELECT count() FROM events) AS events,
    (SELECT count() FROM drops) AS drops,
    (SELECT count() FROM reclassifications) AS reclassifications,
    (SELECT count() FROM event_ids) AS event_ids;
