-- answers: which of these events are stored already, by another block
-- parameters: ids (at most 2,500: clickhouse/known_ids.py cuts any number into such calls), block (the token of the block being formed)
-- one row is: one id that must not be inserted again
SELECT toUUID(UUIDNumToString(toFixedString(reverse(reinterpretAsFixedString(key)), 16))) AS id
FROM event_ids
WHERE key IN (SELECT toUInt128(arrayJoin({ids:Array(UUID)})))
    AND block != {block:String};
