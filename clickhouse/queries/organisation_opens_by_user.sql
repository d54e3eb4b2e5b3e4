-- answers: how often the signature of each person of an organisation was opened, and by how many different visitors
-- parameters: organisation_id, from_at, until_at (multiples of 15 minutes, such as local midnights), exclude_bots
-- one row is: one person with opens; most first
WITH
    -- the whole UTC days within come from the daily view; before `head_until_at` and from `tail_from_at` from the finer one
    toStartOfDay({from_at:DateTime64(3, 'UTC')} + INTERVAL 86399999 MILLISECOND) AS first_day_at,
    toStartOfDay({until_at:DateTime64(3, 'UTC')}) AS last_day_at,
    least(first_day_at, {until_at:DateTime64(3, 'UTC')}) AS head_until_at,
    greatest(head_until_at, last_day_at) AS tail_from_at
SELECT
    user_id,
    sum(day_opens) AS opens,
    sum(day_visitors) AS unique_opens
FROM
(
    -- a visitor's id lives for one UTC day, so unique counts of days add up
    SELECT
        user_id,
        open_date,
        sum(opens) AS day_opens,
        uniqExactMerge(visitors) AS day_visitors
    FROM
    (
        SELECT user_id, open_date, opens, visitors
        FROM opens_1d
        WHERE organisation_id = {organisation_id:UUID}
            AND open_date >= toDate(first_day_at)
            AND open_date < toDate(last_day_at)
            AND tracking = 'user'
            AND NOT is_rate_limited
            AND (NOT {exclude_bots:Bool} OR open_class IN ('human', 'image_proxy'))

        UNION ALL

        SELECT user_id, toDate(bucket_at) AS open_date, opens, visitors
        FROM opens_15m
        WHERE organisation_id = {organisation_id:UUID}
            AND ((bucket_at >= {from_at:DateTime64(3, 'UTC')} AND bucket_at < head_until_at)
                OR (bucket_at >= tail_from_at AND bucket_at < {until_at:DateTime64(3, 'UTC')}))
            AND tracking = 'user'
            AND NOT is_rate_limited
            AND (NOT {exclude_bots:Bool} OR open_class IN ('human', 'image_proxy'))
    )
    GROUP BY user_id, open_date
)
GROUP BY user_id
ORDER BY opens DESC, user_id;
