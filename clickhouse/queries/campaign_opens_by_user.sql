-- answers: how often the pixel of each person in a campaign was opened, by how many different visitors, and what of it does not count
-- parameters: organisation_id, campaign_id, from_at, until_at (multiples of 15 minutes around its runs), exclude_bots
-- one row is: one person whose pixel was loaded; most counted opens first
WITH
    open_class = 'image_proxy' OR (open_class = 'human' AND visitor NOT IN (
        SELECT visitor
        FROM reclassifications
        WHERE organisation_id = {organisation_id:UUID}
            AND open_date >= toDate({from_at:DateTime64(3, 'UTC')})
            AND open_date <= toDate({until_at:DateTime64(3, 'UTC')})
    )) AS is_person,
    NOT is_rate_limited AND (NOT {exclude_bots:Bool} OR is_person) AS is_counted
SELECT
    user_id,
    sumIf(visits_15m.opens, is_counted) AS opens,
    uniqExactIf(visitor, is_counted) AS unique_opens,
    sumIf(visits_15m.opens, NOT is_counted) AS not_counted
FROM visits_15m
WHERE organisation_id = {organisation_id:UUID}
    AND bucket_at >= {from_at:DateTime64(3, 'UTC')}
    AND bucket_at < {until_at:DateTime64(3, 'UTC')}
    AND tracking = 'campaign'
    AND campaign_id = {campaign_id:UUID}
GROUP BY user_id
ORDER BY opens DESC, user_id;
