-- answers: all that my-stats shows of one person, or of many with the same days, in one look: what user_opens_by_period, by_hour, by_device, not_counted and last_stored_at answer one by one
-- parameters: organisation_id, user_ids, exclude_bots, first_at (the first edge), tomorrow_at, last_week_until_at (any moment); edges (seconds since the epoch, ascending: where a period begins or ends, or the offset changes), periods (for each edge, the bits of the periods that the time from it to the next one belongs to), offsets (for each edge, how many seconds local time is ahead of UTC from it on)
-- one row is: one person with opens in that time. Opens by periods: the bits, the opens, the rows of the view; hours are 24 × weekday + local hour; reasons say corrected without a class (user_opens_not_counted has it)
-- bits: 0 today, 1 this week, 2 last week, 3 last week to date, 4 this month, 5 the weeks of the peak hours, 6 the days of the devices, 7 the quarter of an hour that last_week_until_at cuts
SELECT
    user_id,
    sumMapIf([belongs_to], [opens], [1], is_counted) AS opens_by_periods,
    uniqExactIf(visitor, is_counted AND bitTest(belongs_to, 0)) AS today_unique,
    uniqExactIf(visitor, is_counted AND bitTest(belongs_to, 1)) AS this_week_unique,
    uniqExactIf(visitor, is_counted AND bitTest(belongs_to, 2)) AS last_week_unique,
    uniqExactIf(visitor, is_counted AND bitTest(belongs_to, 3)) AS last_week_to_date_unique,
    uniqExactIf(visitor, is_counted AND bitTest(belongs_to, 4)) AS this_month_unique,
    sumMapIf([weekday * 24 + hour], [opens], is_counted AND bitTest(belongs_to, 5)) AS hours,
    sumMapIf([device], [opens], is_counted AND bitTest(belongs_to, 6)) AS devices,
    sumMapIf([reason], [opens], NOT is_counted AND bitTest(belongs_to, 1)) AS reasons,
    max(last_at) AS last_open_at
FROM
(
    SELECT
        *,
        reason = '' AS is_counted
    FROM
    (
        SELECT
            user_id,
            visitor,
            opens,
            toString(device) AS device,
            last_at,
            roundDown(toUnixTimestamp(bucket_at), {edges:Array(UInt32)}) AS edge,
            bucket_at + transform(edge, {edges:Array(UInt32)}, {offsets:Array(Int32)}) AS local_at,
            toDayOfWeek(local_at) AS weekday,
            toHour(local_at) AS hour,
            -- of the quarter that is cut: what lies before the moment for sure
            bitAnd(
                transform(edge, {edges:Array(UInt32)}, {periods:Array(UInt8)}),
                if(last_at < {last_week_until_at:DateTime64(3, 'UTC')}, 255, 247)
            ) AS belongs_to,
            multiIf(
                is_rate_limited, 'rate_limited',
                NOT {exclude_bots:Bool} OR open_class = 'image_proxy', '',
                open_class != 'human', toString(open_class),
                visitor IN (
                    SELECT visitor
                    FROM reclassifications
                    WHERE organisation_id = {organisation_id:UUID}
                        AND open_date >= toDate({first_at:DateTime64(3, 'UTC')})
                        AND open_date <= toDate({tomorrow_at:DateTime64(3, 'UTC')})
                ), 'corrected',
                ''
            ) AS reason
        FROM opens_15m
        WHERE organisation_id = {organisation_id:UUID}
            AND user_id IN {user_ids:Array(UUID)}
            AND bucket_at >= {first_at:DateTime64(3, 'UTC')}
            AND bucket_at < {tomorrow_at:DateTime64(3, 'UTC')}
            AND tracking = 'user'
    )
)
GROUP BY user_id
ORDER BY user_id;
