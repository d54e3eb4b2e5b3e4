-- answers: at which hour of which weekday one person's signature is opened most, on average
-- parameters: organisation_id, user_id, from_at, until_at (local midnights), exclude_bots, limit; offset_starts, offsets (from when on, in seconds since the epoch, ascending, local time is so many seconds ahead of UTC), weekdays (of each local day in the range, 1 Monday to 7 Sunday)
-- one row is: one weekday (1 Monday to 7 Sunday) and local hour, with its opens divided by the number of such weekdays in the range
WITH bucket_at + transform(roundDown(toUnixTimestamp(bucket_at), {offset_starts:Array(UInt32)}), {offset_starts:Array(UInt32)}, {offsets:Array(Int32)}) AS local_at
SELECT
    toDayOfWeek(local_at) AS weekday,
    toHour(local_at) AS hour,
    sum(opens) / countEqual({weekdays:Array(UInt8)}, weekday) AS average_opens
FROM opens_15m
WHERE organisation_id = {organisation_id:UUID}
    AND user_id = {user_id:UUID}
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
GROUP BY weekday, hour
ORDER BY average_opens DESC, weekday, hour
LIMIT {limit:UInt8};
