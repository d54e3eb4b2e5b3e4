-- The months of all rows of the log and of the views' targets.
SELECT DISTINCT toUInt32(partition) AS month
FROM system.parts
WHERE database = {database:String} AND active AND partition != 'tuple()'
ORDER BY month;
