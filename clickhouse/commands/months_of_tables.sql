-- The months that any of {tables:Array(String)} holds rows of, each partitioned by month.
SELECT DISTINCT toUInt32(partition) AS month
FROM system.parts
WHERE database = currentDatabase() AND table IN {tables:Array(String)} AND active AND partition != 'tuple()'
ORDER BY month;
