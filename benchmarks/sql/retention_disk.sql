-- Bytes that the rows of the log and its views take, and rows, those included that are deleted and only hidden.
SELECT sum(bytes_on_disk) AS bytes, sumIf(rows, table = 'events') AS events
FROM system.parts
WHERE database = currentDatabase() AND active AND table != 'scale_slots';
