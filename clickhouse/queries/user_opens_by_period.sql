-- answers: how often one person's signature was opened today, this week, last week, last week up to the same moment, this month
-- parameters: organisation_id, user_id, today_at, tomorrow_at, week_at, last_week_at, month_at (local midnights), last_week_until_at (any moment), exclude_bots
-- one row is: one period with its opens and its different visitors; always five rows
WITH
    least({month_at:DateTime64(3, 'UTC')}, {last_week_at:DateTime64(3, 'UTC')}) AS first_at,
    corrected AS
    (
        SELECT visitor
        FROM reclassifications
        WHERE organisation_id = {organisation_id:UUID}
            AND open_date >= toDate(first_at)
            AND open_date <= toDate({tomorrow_at:DateTime64(3, 'UTC')})
    )
SELECT
    counted.1 AS period,
    counted.2 AS opens,
    counted.3 AS unique_opens
FROM
(
    SELECT arrayJoin([
        ('today',             sumIf(opens, is_today),             uniqExactIf(visitor, is_today)),
        ('this_week',         sumIf(opens, is_this_week),         uniqExactIf(visitor, is_this_week)),
        ('last_week',         sumIf(opens, is_last_week),         uniqExactIf(visitor, is_last_week)),
        ('last_week_to_date', sumIf(opens, is_last_week_to_date), uniqExactIf(visitor, is_last_week_to_date)),
        ('this_month',        sumIf(opens, is_this_month),        uniqExactIf(visitor, is_this_month))
    ]) AS counted
    FROM
    (
        -- whole buckets
        SELECT
            opens,
            visitor,
            open_class,
            bucket_at >= {today_at:DateTime64(3, 'UTC')} AS is_today,
            bucket_at >= {week_at:DateTime64(3, 'UTC')} AS is_this_week,
            bucket_at >= {last_week_at:DateTime64(3, 'UTC')} AND bucket_at < {week_at:DateTime64(3, 'UTC')} AS is_last_week,
            bucket_at >= {last_week_at:DateTime64(3, 'UTC')}
                AND bucket_at < toStartOfFifteenMinutes({last_week_until_at:DateTime64(3, 'UTC')}) AS is_last_week_to_date,
            bucket_at >= {month_at:DateTime64(3, 'UTC')} AS is_this_month
        FROM opens_15m
        WHERE organisation_id = {organisation_id:UUID}
            AND user_id = {user_id:UUID}
            AND bucket_at >= first_at
            AND bucket_at < {tomorrow_at:DateTime64(3, 'UTC')}
            AND tracking = 'user'
            AND NOT is_rate_limited

        UNION ALL

        -- the bucket that last week's moment cuts, from the log
        SELECT
            toUInt64(1) AS opens,
            visitor,
            open_class,
            false AS is_today,
            false AS is_this_week,
            false AS is_last_week,
            true AS is_last_week_to_date,
            false AS is_this_month
        FROM events
        WHERE organisation_id = {organisation_id:UUID}
            AND type = 'signature_opened'
            AND user_id = {user_id:UUID}
            AND at >= toStartOfFifteenMinutes({last_week_until_at:DateTime64(3, 'UTC')})
            AND at < {last_week_until_at:DateTime64(3, 'UTC')}
            AND tracking = 'user'
            AND NOT is_rate_limited
    )
    WHERE NOT {exclude_bots:Bool}
        OR open_class = 'image_proxy'
        OR (open_class = 'human' AND visitor NOT IN (SELECT visitor FROM corrected))
);
