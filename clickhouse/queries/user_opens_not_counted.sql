-- answers: how many hits on one person's signature were stored but not counted, and why
-- parameters: organisation_id, user_id, from_at, until_at (local midnights), exclude_bots
-- one row is: one reason, rate_limited or the class of the open, with the opens it kept out
SELECT
    if(is_rate_limited, 'rate_limited', toString(open_class)) AS reason,
    sum(opens) AS opens
FROM opens_15m
WHERE organisation_id = {organisation_id:UUID}
    AND user_id = {user_id:UUID}
    AND bucket_at >= {from_at:DateTime64(3, 'UTC')}
    AND bucket_at < {until_at:DateTime64(3, 'UTC')}
    AND tracking = 'user'
    AND (is_rate_limited OR ({exclude_bots:Bool} AND open_class NOT IN ('human', 'image_proxy')))
GROUP BY reason
ORDER BY opens DESC, reason;
