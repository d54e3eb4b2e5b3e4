-- The months of the log {live:String} and of its shadow, with a fingerprint of the log's parts: it changes whenever a month does.
SELECT
    toUInt32(partition_id) AS month,
    sumIf(rows, is_live) AS rows,
    sumIf(cityHash64(name, hash_of_all_files), is_live) AS parts
FROM
(
    SELECT partition_id, rows, name, hash_of_all_files, database = {live:String} AS is_live
    FROM system.parts
    WHERE table = 'events' AND active AND database IN ({live:String}, currentDatabase())
)
GROUP BY month
ORDER BY month;
