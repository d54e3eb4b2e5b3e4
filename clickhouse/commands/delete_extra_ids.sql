-- Deletes them.
DELETE FROM event_ids
WHERE cityHash64(key) % {slices:UInt32} = {slice:UInt32}
    AND (key, cityHash64(block)) NOT IN
    (
        SELECT toUInt128(id), cityHash64(block) FROM events WHERE cityHash64(toUInt128(id)) % {slices:UInt32} = {slice:UInt32}
        UNION ALL
        SELECT toUInt128(id), cityHash64(block) FROM drops WHERE cityHash64(toUInt128(id)) % {slices:UInt32} = {slice:UInt32}
        UNION ALL
        SELECT toUInt128(id), cityHash64(block) FROM reclassifications WHERE cityHash64(toUInt128(id)) % {slices:UInt32} = {slice:UInt32}
    )
SETTINGS lightweight_deletes_sync = 2;
