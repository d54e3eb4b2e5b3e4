-- Ids of the log that event_ids lacks or has from another block only, one slice of them.
INSERT INTO event_ids (key, block)
SELECT key, block
FROM ({select:Statement})
WHERE cityHash64(key) % {slices:UInt32} = {slice:UInt32}
    AND (key, cityHash64(block)) NOT IN
    (
        SELECT key, cityHash64(block) FROM event_ids WHERE cityHash64(key) % {slices:UInt32} = {slice:UInt32}
    );
