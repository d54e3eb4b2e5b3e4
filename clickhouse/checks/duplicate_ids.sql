-- finds: events that the log holds more than once
-- by: slice
-- one row is: one id
SELECT
    toString(id) AS key,
    'once' AS expected,
    concat(toString(count()), ' times') AS found
FROM
(
    SELECT id FROM events
    UNION ALL
    SELECT id FROM drops
    UNION ALL
    SELECT id FROM reclassifications
)
WHERE cityHash64(toUInt128(id)) % {slices:UInt32} = {slice:UInt32}
GROUP BY id
HAVING count() > 1
ORDER BY key
LIMIT {limit:UInt32};
