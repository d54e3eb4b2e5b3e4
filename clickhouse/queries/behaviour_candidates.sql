-- answers: which visitors did so much within half an hour that rules across hits have to look at them
-- parameters: from_at, until_at (quarters of an hour), min_people, min_opens (0: that rule is off)
-- one row is: one visitor of one organisation that is not corrected yet, with the quarters of an hour in which it was busy
SELECT
    organisation_id,
    lower(hex(visitor)) AS visitor_id,
    min(window_at) AS first_at,
    max(window_at) + INTERVAL 30 MINUTE AS last_at
FROM
(
    SELECT
        organisation_id,
        visitor,
        window_at,
        uniqExact(user_id) AS people,
        max(opens) AS most
    FROM
    (
        -- ten seconds lie within two neighbouring quarters of an hour, so each quarter is the second and the first of a pair
        SELECT
            organisation_id,
            visitor,
            user_id,
            tracking,
            campaign_id,
            arrayJoin([bucket_at - INTERVAL 15 MINUTE, bucket_at]) AS window_at,
            sum(opens) AS opens
        FROM visits_15m
        WHERE bucket_at >= {from_at:DateTime64(3, 'UTC')}
            AND bucket_at < {until_at:DateTime64(3, 'UTC')}
            AND open_class = 'human'
            -- most visitors open once or twice: whoever made too few opens for either rule is left out before pairs are made
            AND visitor IN
            (
                SELECT visitor
                FROM visits_15m
                WHERE bucket_at >= {from_at:DateTime64(3, 'UTC')}
                    AND bucket_at < {until_at:DateTime64(3, 'UTC')}
                    AND open_class = 'human'
                GROUP BY visitor
                HAVING sum(opens) >= least(
                    if({min_people:UInt32} > 0, {min_people:UInt32}, 4294967295),
                    if({min_opens:UInt32} > 0, {min_opens:UInt32}, 4294967295))
            )
        GROUP BY organisation_id, visitor, user_id, tracking, campaign_id, window_at
    )
    GROUP BY organisation_id, visitor, window_at
    HAVING ({min_people:UInt32} > 0 AND people >= {min_people:UInt32})
        OR ({min_opens:UInt32} > 0 AND most >= {min_opens:UInt32})
)
WHERE (organisation_id, visitor) NOT IN
(
    SELECT organisation_id, visitor
    FROM reclassifications
    WHERE open_date >= toDate({from_at:DateTime64(3, 'UTC')})
        AND open_date <= toDate({until_at:DateTime64(3, 'UTC')})
)
GROUP BY organisation_id, visitor
ORDER BY organisation_id, visitor_id;
