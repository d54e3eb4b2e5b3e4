-- answers: how often signatures with an ended token were loaded, for each of some people
-- parameters: organisation_id, user_ids, from_at, until_at
-- one row is: one person and one reason, token_rotated or token_deactivated; only those with hits
SELECT
    assumeNotNull(user_id) AS user_id,
    reason,
    count() AS drops
FROM drops
WHERE reason IN ('token_rotated', 'token_deactivated')
    AND at >= {from_at:DateTime64(3, 'UTC')}
    AND at < {until_at:DateTime64(3, 'UTC')}
    AND tracking = 'user'
    AND organisation_id = {organisation_id:UUID}
    AND has({user_ids:Array(UUID)}, assumeNotNull(drops.user_id))
    AND drops.user_id IS NOT NULL
GROUP BY user_id, reason;
