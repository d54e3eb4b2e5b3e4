-- answers: on which local days the pixels of a campaign were opened, and how often
-- parameters: organisation_id, campaign_id, from_at, until_at (multiples of 15 minutes around its runs), time_zone (IANA name), exclude_bots
-- one row is: one local day with counted opens; days without are left out. Unique: each visitor once a UTC day and person.
SELECT
    toDate(bucket_at, {time_zone:String}) AS date,
    sum(opens) AS opens,
    uniqExact(user_id, visitor) AS unique_opens
FROM visits_15m
WHERE organisation_id = {organisation_id:UUID}
    AND bucket_at >= {from_at:DateTime64(3, 'UTC')}
    AND bucket_at < {until_at:DateTime64(3, 'UTC')}
    AND tracking = 'campaign'
    AND campaign_id = {campaign_id:UUID}
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
GROUP BY date
ORDER BY date;
