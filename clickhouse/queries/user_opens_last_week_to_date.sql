-- answers: how often the signatures of people with the same days were opened last week up to the same moment, where the quarter of an hour that this moment cuts has opens of one visitor on both sides of it: of that quarter the log is asked
-- parameters: organisation_id, user_ids, last_week_at (a local midnight), last_week_until_at (any moment), exclude_bots
-- one row is: one person with counted opens in that time
SELECT
    user_id,
    sum(visits.opens) AS opens,
    uniqExact(visitor) AS unique_opens
FROM
(
    SELECT user_id, visitor, open_class, is_rate_limited, opens
    FROM opens_15m
    WHERE organisation_id = {organisation_id:UUID}
        AND user_id IN {user_ids:Array(UUID)}
        AND bucket_at >= {last_week_at:DateTime64(3, 'UTC')}
        AND bucket_at < toStartOfFifteenMinutes({last_week_until_at:DateTime64(3, 'UTC')})
        AND tracking = 'user'

    UNION ALL

    SELECT user_id, visitor, open_class, is_rate_limited, toUInt64(1) AS opens
    FROM events
    WHERE organisation_id = {organisation_id:UUID}
        AND type = 'signature_opened'
        AND user_id IN {user_ids:Array(UUID)}
        AND at >= toStartOfFifteenMinutes({last_week_until_at:DateTime64(3, 'UTC')})
        AND at < {last_week_until_at:DateTime64(3, 'UTC')}
        AND tracking = 'user'
) AS visits
WHERE NOT is_rate_limited
    AND (
        NOT {exclude_bots:Bool}
        OR open_class = 'image_proxy'
        OR (open_class = 'human' AND visitor NOT IN (
            SELECT visitor
            FROM reclassifications
            WHERE organisation_id = {organisation_id:UUID}
                AND open_date >= toDate({last_week_at:DateTime64(3, 'UTC')})
                AND open_date <= toDate({last_week_until_at:DateTime64(3, 'UTC')})
        ))
    )
GROUP BY user_id
ORDER BY user_id;
