-- answers: at which hour of which weekday one person's signature is opened most, on average
-- parameters: organisation_id, user_id, from_at, until_at (local midnights), time_zone (IANA name), exclude_bots, limit
-- one row is: one weekday (1 Monday to 7 Sunday) and local hour, with its opens divided by the number of such weekdays in the range
WITH
    toDate({from_at:DateTime64(3, 'UTC')}, {time_zone:String}) AS from_date,
    toDate({until_at:DateTime64(3, 'UTC')}, {time_zone:String}) AS until_date,
    arrayMap(day -> toDayOfWeek(from_date + day), range(toUInt32(until_date - from_date))) AS weekdays
SELECT
    toDayOfWeek(bucket_at, 0, {time_zone:String}) AS weekday,
    toHour(bucket_at, {time_zone:String}) AS hour,
    sum(opens) / countEqual(weekdays, weekday) AS average_opens
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
