-- answers: how often people's own pixels were opened while a campaign ran, and in the same stretches some weeks before
-- parameters: organisation_id, packed_ids (base64 of 16 bytes an id), count (of ids; 0: everybody), before_starts, before_ends, during_starts, during_ends (seconds since the epoch, multiples of 15 minutes), from_at, until_at (around all of them), exclude_bots
-- one row is: one person with counted opens in any of these stretches
WITH
    bucket_at IN (
        SELECT toDateTime(arrayJoin(arrayFlatten(arrayMap(
            (start, end) -> range(start, end, 900), {before_starts:Array(UInt32)}, {before_ends:Array(UInt32)}
        ))), 'UTC')
    ) AS is_before,
    bucket_at IN (
        SELECT toDateTime(arrayJoin(arrayFlatten(arrayMap(
            (start, end) -> range(start, end, 900), {during_starts:Array(UInt32)}, {during_ends:Array(UInt32)}
        ))), 'UTC')
    ) AS is_during
SELECT
    user_id,
    sumIf(visits_15m.opens, is_before) AS before,
    sumIf(visits_15m.opens, is_during) AS during
FROM visits_15m
WHERE organisation_id = {organisation_id:UUID}
    AND bucket_at >= {from_at:DateTime64(3, 'UTC')}
    AND bucket_at < {until_at:DateTime64(3, 'UTC')}
    AND tracking = 'user'
    AND NOT is_rate_limited
    AND (is_before OR is_during)
    AND (
        {count:UInt32} = 0
        OR user_id IN (
            SELECT toUUID(UUIDNumToString(toFixedString(substring(packed, 16 * number + 1, 16), 16)))
            FROM (SELECT base64Decode({packed_ids:String}) AS packed) AS p, numbers({count:UInt32}) AS n
        )
    )
    AND (
        NOT {exclude_bots:Bool}
        OR open_class = 'image_proxy'
        OR (open_class = 'human' AND visitor NOT IN (
            SELECT visitor
            FROM reclassifications
            WHERE organisation_id = {organisation_id:UUID}
                AND open_date >= toDate({from_at:DateTime64(3, 'UTC')})
                AND open_date <= toDate({until_at:DateTime64(3, 'UTC')})
        ))
    )
GROUP BY user_id
ORDER BY user_id;
