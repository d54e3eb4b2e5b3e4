-- Ids of the log that event_ids lacks, one slice of them.
INSERT INTO event_ids (key, block)
SELECT key, block
FROM ({select:Statement})
WHERE cityHash64(key) % {slices:UInt32} = {slice:UInt32}
    AND key NOT IN (SELECT key FROM event_ids WHERE cityHash64(key) % {slices:UInt32} = {slice:UInt32});
