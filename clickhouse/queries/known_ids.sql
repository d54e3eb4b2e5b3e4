-- answers: which of these events are stored already, by another block
-- parameters: ids (at most 2,500: clickhouse/known_ids.py cuts any number into such calls), block (the token of the block being formed)
-- one row is: one id that must not be inserted again
WITH arrayMap(id -> toUInt128(id), {ids:Array(UUID)}) AS keys
SELECT arrayJoin({ids:Array(UUID)}) AS id
WHERE toUInt128(id) IN (SELECT key FROM event_ids WHERE key IN keys AND block != {block:String});
