-- answers: how many hits on one person's signature were stored but not counted, and why
-- parameters: organisation_id, user_id, from_at, until_at (local midnights), exclude_bots
-- one row is: one reason, rate_limited or the class of the open (the corrected one where there is one), with the opens it kept out
SELECT
    if(is_rate_limited, 'rate_limited', if(is_corrected, corrected_class, toString(open_class))) AS reason,
    sum(opens) AS opens
FROM
(
    SELECT
        o.opens AS opens,
        o.is_rate_limited AS is_rate_limited,
        o.open_class AS open_class,
        r.corrected_class AS corrected_class,
        o.open_class = 'human' AND r.corrected_class != '' AS is_corrected
    FROM opens_15m AS o
    LEFT JOIN
    (
        SELECT visitor, argMax(toString(open_class), (decided_at, id)) AS corrected_class
        FROM reclassifications
        WHERE organisation_id = {organisation_id:UUID}
            AND open_date >= toDate({from_at:DateTime64(3, 'UTC')})
            AND open_date <= toDate({until_at:DateTime64(3, 'UTC')})
        GROUP BY visitor
    ) AS r ON r.visitor = o.visitor
    WHERE o.organisation_id = {organisation_id:UUID}
        AND o.user_id = {user_id:UUID}
        AND o.bucket_at >= {from_at:DateTime64(3, 'UTC')}
        AND o.bucket_at < {until_at:DateTime64(3, 'UTC')}
        AND o.tracking = 'user'
)
WHERE is_rate_limited
    OR ({exclude_bots:Bool} AND (is_corrected OR open_class NOT IN ('human', 'image_proxy')))
GROUP BY reason
ORDER BY opens DESC, reason;
