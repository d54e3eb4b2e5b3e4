-- answers: how often the signatures of an organisation were opened
-- parameters: organisation_id, from_at, until_at (multiples of 15 minutes, such as local midnights), exclude_bots
-- one row is: the opens of all its people; always one row
WITH
    corrections AS
    (
        SELECT open_date, visitor
        FROM reclassifications
        WHERE organisation_id = {organisation_id:UUID}
            AND open_date >= toDate({from_at:DateTime64(3, 'UTC')})
            AND open_date <= toDate({until_at:DateTime64(3, 'UTC')})
            AND {exclude_bots:Bool}
    )
SELECT counted - corrected AS total
FROM
(
    SELECT sum(opens) AS counted
    FROM organisation_opens_15m
    WHERE organisation_id = {organisation_id:UUID}
        AND bucket_at >= {from_at:DateTime64(3, 'UTC')}
        AND bucket_at < {until_at:DateTime64(3, 'UTC')}
        AND tracking = 'user'
        AND NOT is_rate_limited
        AND (NOT {exclude_bots:Bool} OR open_class IN ('human', 'image_proxy'))
) AS all_opens,
(
    -- only days with corrections are read: the organisation's view knows no visitors
    SELECT sum(opens) AS corrected
    FROM visits_15m
    WHERE organisation_id = {organisation_id:UUID}
        AND bucket_at >= {from_at:DateTime64(3, 'UTC')}
        AND bucket_at < {until_at:DateTime64(3, 'UTC')}
        AND toDate(bucket_at) IN (SELECT open_date FROM corrections)
        AND tracking = 'user'
        AND NOT is_rate_limited
        AND open_class = 'human'
        AND visitor IN (SELECT visitor FROM corrections)
) AS corrected_opens;
