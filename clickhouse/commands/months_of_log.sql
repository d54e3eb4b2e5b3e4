-- The months that the log or the table {target:String} holds rows of.
SELECT DISTINCT month
FROM
(
    SELECT toYYYYMM(at) AS month FROM events
    UNION ALL
    SELECT toUInt32(partition) AS month
    FROM system.parts
    WHERE database = currentDatabase() AND table = {target:String} AND active AND partition != 'tuple()'
)
ORDER BY month;
