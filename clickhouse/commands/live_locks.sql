-- Who holds or wants the schema lock: a sign of life within {stale_seconds:UInt32}, not released.
SELECT owner
FROM schema_locks
WHERE beat_at > now64(3) - toIntervalSecond({stale_seconds:UInt32})
GROUP BY owner
HAVING NOT max(is_released)
ORDER BY owner;
