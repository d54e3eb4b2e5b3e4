-- finds: ids of the log that event_ids lacks, ids it has that the log has not, and a block that is not the log's
-- by: slice
-- one row is: one id
SELECT
    hex(key) AS key,
    toString(arraySort(log_blocks)) AS expected,
    toString(arraySort(id_blocks)) AS found
FROM
(
    SELECT
        key,
        groupUniqArrayIf(block, is_log) AS log_blocks,
        groupUniqArrayIf(block, NOT is_log) AS id_blocks
    FROM
    (
        SELECT true AS is_log, toUInt128(id) AS key, block FROM events
        UNION ALL
        SELECT true AS is_log, toUInt128(id) AS key, block FROM drops
        UNION ALL
        SELECT true AS is_log, toUInt128(id) AS key, block FROM reclassifications
        UNION ALL
        SELECT false AS is_log, key, block FROM event_ids
    )
    WHERE cityHash64(key) % {slices:UInt32} = {slice:UInt32}
    GROUP BY key
)
WHERE arraySort(log_blocks) != arraySort(id_blocks)
ORDER BY key
LIMIT {limit:UInt32};
