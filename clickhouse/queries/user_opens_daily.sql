-- answers: on which local days the signatures of one person, or of many with the same days, were opened, and how often
-- parameters: organisation_id, user_ids, from_at, until_at (local midnights), exclude_bots; offset_starts, offsets (from when on, in seconds since the epoch, ascending, local time is so many seconds ahead of UTC)
-- one row is: one local day of a person with opens; days without are left out
SELECT
    user_id,
    toDate(bucket_at + transform(roundDown(toUnixTimestamp(bucket_at), {offset_starts:Array(UInt32)}), {offset_starts:Array(UInt32)}, {offsets:Array(Int32)})) AS date,
    sum(opens) AS opens,
    uniqExact(visitor) AS unique_opens
FROM opens_15m
WHERE organisation_id = {organisation_id:UUID}
    AND user_id IN {user_ids:Array(UUID)}
    AND bucket_at >= {from_at:DateTime64(3, 'UTC')}
    AND bucket_at < {until_at:DateTime64(3, 'UTC')}
    AND tracking = 'user'
    AND NOT is_rate_limited
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
GROUP BY user_id, date
ORDER BY user_id, date;
