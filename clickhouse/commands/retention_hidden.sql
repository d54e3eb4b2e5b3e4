-- Months of tables that hold rows which were deleted and are only hidden.
SELECT table, toUInt32(partition) AS month
FROM system.parts
WHERE database = currentDatabase() AND active AND has_lightweight_delete AND table IN {tables:Array(String)}
GROUP BY table, month
ORDER BY table, month;
