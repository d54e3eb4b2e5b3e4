-- What my-stats shows first, counted from the log: one person's opens and visitors of a month.
SELECT
    countIf(at >= {today_at:DateTime64(3, 'UTC')}) AS today,
    uniqExactIf(visitor, at >= {today_at:DateTime64(3, 'UTC')}) AS today_unique,
    count() AS opens,
    uniqExact(visitor) AS unique_opens
FROM events
WHERE organisation_id = {organisation_id:UUID}
    AND type = 'signature_opened'
    AND user_id = {user_id:UUID}
    AND at >= {from_at:DateTime64(3, 'UTC')}
    AND at < {until_at:DateTime64(3, 'UTC')}
    AND tracking = 'user'
    AND NOT is_rate_limited
    AND open_class IN ('human', 'image_proxy');
