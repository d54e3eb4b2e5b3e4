-- What organization-stats shows, counted from the log: opens and visitors of each person in a month.
SELECT user_id, count() AS opens, uniqExact(visitor) AS unique_opens
FROM events
WHERE organisation_id = {organisation_id:UUID}
    AND type = 'signature_opened'
    AND at >= {from_at:DateTime64(3, 'UTC')}
    AND at < {until_at:DateTime64(3, 'UTC')}
    AND tracking = 'user'
    AND NOT is_rate_limited
    AND open_class IN ('human', 'image_proxy')
GROUP BY user_id
ORDER BY opens DESC;
