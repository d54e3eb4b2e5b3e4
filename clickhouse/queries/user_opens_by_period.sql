-- answers: how often one person's signature was opened today, this week, last week, last week up to the same moment, this month
-- parameters: organisation_id, user_id, today_at, tomorrow_at, week_at, last_week_at, month_at (local midnights), last_week_until_at (any moment), exclude_bots
-- one row is: one period with its opens and its different visitors; always five rows
SELECT
    counted.1 AS period,
    counted.2 AS opens,
    counted.3 AS unique_opens
FROM
(
    SELECT arrayJoin([
        ('today',             sumIf(opens, is_today),             uniqExactMergeIf(visitors, is_today)),
        ('this_week',         sumIf(opens, is_this_week),         uniqExactMergeIf(visitors, is_this_week)),
        ('last_week',         sumIf(opens, is_last_week),         uniqExactMergeIf(visitors, is_last_week)),
        ('last_week_to_date', sumIf(opens, is_last_week_to_date), uniqExactMergeIf(visitors, is_last_week_to_date)),
        ('this_month',        sumIf(opens, is_this_month),        uniqExactMergeIf(visitors, is_this_month))
    ]) AS counted
    FROM
    (
        -- whole buckets
        SELECT
            opens,
            visitors,
            bucket_at >= {today_at:DateTime64(3, 'UTC')} AS is_today,
            bucket_at >= {week_at:DateTime64(3, 'UTC')} AS is_this_week,
            bucket_at >= {last_week_at:DateTime64(3, 'UTC')} AND bucket_at < {week_at:DateTime64(3, 'UTC')} AS is_last_week,
            bucket_at >= {last_week_at:DateTime64(3, 'UTC')}
                AND bucket_at < toStartOfFifteenMinutes({last_week_until_at:DateTime64(3, 'UTC')}) AS is_last_week_to_date,
            bucket_at >= {month_at:DateTime64(3, 'UTC')} AS is_this_month
        FROM opens_15m
        WHERE organisation_id = {organisation_id:UUID}
            AND user_id = {user_id:UUID}
            AND bucket_at >= least({month_at:DateTime64(3, 'UTC')}, {last_week_at:DateTime64(3, 'UTC')})
            AND bucket_at < {tomorrow_at:DateTime64(3, 'UTC')}
            AND tracking = 'user'
            AND NOT is_rate_limited
            AND (NOT {exclude_bots:Bool} OR open_class IN ('human', 'image_proxy'))

        UNION ALL

        -- the bucket that last week's moment cuts, from the log
        SELECT
            count() AS opens,
            uniqExactState(visitor) AS visitors,
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
            AND (NOT {exclude_bots:Bool} OR open_class IN ('human', 'image_proxy'))
    )
);
