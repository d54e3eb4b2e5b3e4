-- answers: how many hits of a campaign's pixels were not stored, and why
-- parameters: organisation_id, campaign_id, from_at
-- one row is: one reason; most first
SELECT
    reason,
    count() AS hits
FROM drops
WHERE organisation_id = {organisation_id:UUID}
    AND campaign_id = {campaign_id:UUID}
    AND at >= {from_at:DateTime64(3, 'UTC')}
GROUP BY reason
ORDER BY hits DESC, reason;
