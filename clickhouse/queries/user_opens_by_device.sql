-- answers: on which kinds of device one person's signature was opened
-- parameters: organisation_id, user_id, from_at, until_at (local midnights), exclude_bots
-- one row is: one kind of device with opens
SELECT
    device,
    sum(opens) AS opens
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
GROUP BY device
ORDER BY opens DESC, device;
