-- Ids of one block that event_ids lacks.
INSERT INTO event_ids (key, block)
SELECT key, block
FROM ({select:Statement})
WHERE block = {block:String}
    AND key NOT IN (SELECT key FROM event_ids WHERE key IN (SELECT key FROM ({select:Statement}) WHERE block = {block:String}));
