-- answers: which of these events are stored already, by another block
-- parameters: packed_ids (base64 of 16 bytes an id), count (at most 5,000: clickhouse/known_ids.py cuts and packs), block (the token of the block being formed)
-- one row is: one id that must not be inserted again
SELECT toUUID(UUIDNumToString(toFixedString(reverse(reinterpretAsFixedString(key)), 16))) AS id
FROM event_ids
WHERE key IN
    (
        SELECT reinterpretAsUInt128(reverse(substring(base64Decode({packed_ids:String}), 16 * number + 1, 16)))
        FROM numbers({count:UInt32})
    )
    AND block != {block:String};
