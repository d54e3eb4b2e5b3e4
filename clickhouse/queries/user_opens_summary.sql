-- answers: all that my-stats shows of one person, or of many with the same days, in one look: what user_opens_by_period, by_hour, by_device, not_counted and last_stored_at answer one by one
-- parameters: those of user_opens_by_period, with user_ids (an array) for user_id; hours_from_at, hours_until_at (the weeks of the peak hours), devices_from_at, first_at (the earliest of all), time_zone (IANA name)
-- one row is: everything of one person with opens in that time; none for the others; hours are 24 × weekday + local hour; reasons say corrected without a class (user_opens_not_counted has it)
SELECT
    user_id,
    sumIf(opens, is_counted AND is_today) AS today_opens,
    uniqExactIf(visitor, is_counted AND is_today) AS today_unique,
    sumIf(opens, is_counted AND is_this_week) AS this_week_opens,
    uniqExactIf(visitor, is_counted AND is_this_week) AS this_week_unique,
    sumIf(opens, is_counted AND is_last_week) AS last_week_opens,
    uniqExactIf(visitor, is_counted AND is_last_week) AS last_week_unique,
    sumIf(opens, is_counted AND is_last_week_to_date) AS last_week_to_date_opens,
    uniqExactIf(visitor, is_counted AND is_last_week_to_date) AS last_week_to_date_unique,
    sumIf(opens, is_counted AND is_this_month) AS this_month_opens,
    uniqExactIf(visitor, is_counted AND is_this_month) AS this_month_unique,
    sumMapIf([weekday * 24 + hour], [opens], is_counted AND is_in_peak_weeks) AS hours,
    sumMapIf([device], [opens], is_counted AND is_in_device_days) AS devices,
    sumMapIf([multiIf(is_rate_limited, 'rate_limited', is_corrected, 'corrected', open_class)], [opens], NOT is_counted AND is_this_week) AS reasons,
    max(last_at) AS last_open_at
FROM
(
    SELECT
        *,
        NOT is_rate_limited AND (NOT {exclude_bots:Bool} OR (open_class IN ('human', 'image_proxy') AND NOT is_corrected)) AS is_counted
    FROM
    (
        SELECT
            *,
            {exclude_bots:Bool} AND open_class = 'human' AND visitor IN
            (
                SELECT visitor
                FROM reclassifications
                WHERE organisation_id = {organisation_id:UUID}
                    AND open_date >= toDate({first_at:DateTime64(3, 'UTC')})
                    AND open_date <= toDate({tomorrow_at:DateTime64(3, 'UTC')})
            ) AS is_corrected
        FROM
        (
            SELECT
                user_id, opens, visitor, toString(device) AS device, toString(open_class) AS open_class, is_rate_limited, last_at,
                bucket_at >= {today_at:DateTime64(3, 'UTC')} AS is_today,
                bucket_at >= {week_at:DateTime64(3, 'UTC')} AS is_this_week,
                bucket_at >= {last_week_at:DateTime64(3, 'UTC')} AND bucket_at < {week_at:DateTime64(3, 'UTC')} AS is_last_week,
                bucket_at >= {last_week_at:DateTime64(3, 'UTC')}
                    AND bucket_at < toStartOfFifteenMinutes({last_week_until_at:DateTime64(3, 'UTC')}) AS is_last_week_to_date,
                bucket_at >= {month_at:DateTime64(3, 'UTC')} AS is_this_month,
                bucket_at >= {hours_from_at:DateTime64(3, 'UTC')} AND bucket_at < {hours_until_at:DateTime64(3, 'UTC')} AS is_in_peak_weeks,
                bucket_at >= {devices_from_at:DateTime64(3, 'UTC')} AS is_in_device_days,
                toDayOfWeek(bucket_at, 0, {time_zone:String}) AS weekday,
                toHour(bucket_at, {time_zone:String}) AS hour
            FROM opens_15m
            WHERE organisation_id = {organisation_id:UUID}
                AND user_id IN {user_ids:Array(UUID)}
                AND bucket_at >= {first_at:DateTime64(3, 'UTC')}
                AND bucket_at < {tomorrow_at:DateTime64(3, 'UTC')}
                AND tracking = 'user'

            UNION ALL

            -- of the quarter of an hour that last week's moment cuts, what was before it, from the log
            SELECT
                user_id, toUInt64(1) AS opens, visitor, toString(device) AS device, toString(open_class) AS open_class, is_rate_limited, at AS last_at,
                false AS is_today,
                false AS is_this_week,
                false AS is_last_week,
                true AS is_last_week_to_date,
                false AS is_this_month,
                false AS is_in_peak_weeks,
                false AS is_in_device_days,
                1 AS weekday,
                0 AS hour
            FROM events
            WHERE organisation_id = {organisation_id:UUID}
                AND type = 'signature_opened'
                AND user_id IN {user_ids:Array(UUID)}
                AND at >= toStartOfFifteenMinutes({last_week_until_at:DateTime64(3, 'UTC')})
                AND at < {last_week_until_at:DateTime64(3, 'UTC')}
                AND tracking = 'user'
        )
    )
)
GROUP BY user_id
ORDER BY user_id;
