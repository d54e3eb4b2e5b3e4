-- answers: how often the signature of each person of an organisation was opened, and by how many different visitors
-- parameters: organisation_id, from_at, until_at (multiples of 15 minutes, such as local midnights), exclude_bots
-- one row is: one person with opens; most first
SELECT
    user_id,
    sum(opens) AS opens,
    uniqExact(visitor) AS unique_opens
FROM visits_15m
WHERE organisation_id = {organisation_id:UUID}
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
GROUP BY user_id
ORDER BY opens DESC, user_id;
