-- How many rows a table holds of one month.
SELECT sum(rows) AS rows
FROM system.parts
WHERE database = currentDatabase() AND table = {table:String} AND active AND partition_id = toString({month:UInt32});
