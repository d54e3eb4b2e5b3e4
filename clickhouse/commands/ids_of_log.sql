-- How many ids the log holds, for cutting the work on them into slices.
SELECT (SELECT count() FROM events) + (SELECT count() FROM drops) + (SELECT count() FROM reclassifications) AS ids;
