-- Counts one part of one UTC day for some organisations. One statement, so that all of it is of one moment.
INSERT INTO closed_opens
SELECT
    organisation_id,
    {from_at:DateTime64(3, 'UTC')} AS from_at,
    {until_at:DateTime64(3, 'UTC')} AS until_at,
    {revision:UInt64} AS revision,
    user_id,
    tracking,
    campaign_id,
    sum(visits.opens) AS hits,
    sumIf(visits.opens, NOT is_rate_limited) AS opens,
    uniqExactIf(visitor, NOT is_rate_limited) AS unique_opens,
    sumIf(visits.opens, is_human) AS human_opens,
    uniqExactIf(visitor, is_human) AS human_unique
FROM
(
    SELECT
        organisation_id, user_id, tracking, campaign_id, is_rate_limited, visitor, opens,
        NOT is_rate_limited AND (
            open_class = 'image_proxy'
            OR (open_class = 'human' AND (organisation_id, visitor) NOT IN (
                SELECT organisation_id, visitor
                FROM reclassifications
                WHERE open_date = toDate({from_at:DateTime64(3, 'UTC')})
            ))
        ) AS is_human
    FROM visits_15m
    WHERE bucket_at >= {from_at:DateTime64(3, 'UTC')}
        AND bucket_at < {until_at:DateTime64(3, 'UTC')}
        AND organisation_id IN {organisations:Array(UUID)}
) AS visits
GROUP BY organisation_id, user_id, tracking, campaign_id;
