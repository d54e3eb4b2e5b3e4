-- finds: counts of closed days that questions use, and that the log says otherwise
-- by: month
-- one row is: one person, kind and campaign in one part of a day that differs
WITH
    used AS
    (
        SELECT p.organisation_id AS organisation_id, p.from_at AS from_at, p.until_at AS until_at, p.revision AS revision
        FROM
        (
            SELECT *
            FROM closed_parts FINAL
            WHERE toYYYYMM(from_at) = {month:UInt32} AND epoch = (SELECT max(epoch) FROM closed_epochs)
        ) AS p
        INNER JOIN
        (
            SELECT organisation_id, toDate(bucket_at) AS day, bucket_at, sum(opens) AS opens
            FROM organisation_opens_15m
            WHERE toYYYYMM(bucket_at) = {month:UInt32}
            GROUP BY organisation_id, day, bucket_at
        ) AS o ON o.organisation_id = p.organisation_id AND o.day = toDate(p.from_at)
        LEFT JOIN
        (
            SELECT organisation_id, open_date, count() AS rows
            FROM reclassifications
            WHERE toYYYYMM(open_date) = {month:UInt32}
            GROUP BY organisation_id, open_date
        ) AS r ON r.organisation_id = p.organisation_id AND r.open_date = toDate(p.from_at)
        GROUP BY p.organisation_id, p.from_at, p.until_at, p.revision, p.hits, p.reclassifications, r.rows
        HAVING sumIf(o.opens, o.bucket_at >= p.from_at AND o.bucket_at < p.until_at) = p.hits AND r.rows = p.reclassifications
    )
SELECT
    toString((organisation_id, from_at, until_at, user_id, tracking, campaign_id)) AS key,
    toString(anyIf(counts, is_log)) AS expected,
    toString(anyIf(counts, NOT is_log)) AS found
FROM
(
    SELECT
        true AS is_log,
        u.organisation_id AS organisation_id, u.from_at AS from_at, u.until_at AS until_at,
        e.user_id AS user_id, e.tracking AS tracking,
        coalesce(e.campaign_id, toUUIDOrZero('')) AS campaign_id,
        (
            count(),
            countIf(NOT e.is_rate_limited),
            uniqExactIf(e.visitor, NOT e.is_rate_limited),
            countIf(e.is_human),
            uniqExactIf(e.visitor, e.is_human)
        ) AS counts
    FROM
    (
        SELECT
            organisation_id, user_id, tracking, campaign_id, at, toDate(at) AS day, visitor, is_rate_limited,
            NOT is_rate_limited AND (
                open_class = 'image_proxy'
                OR (open_class = 'human' AND (organisation_id, toDate(at), visitor) NOT IN (SELECT organisation_id, open_date, visitor FROM reclassifications))
            ) AS is_human
        FROM events
        WHERE type = 'signature_opened' AND toYYYYMM(at) = {month:UInt32}
    ) AS e
    INNER JOIN used AS u ON u.organisation_id = e.organisation_id AND toDate(u.from_at) = e.day
    WHERE e.at >= u.from_at AND e.at < u.until_at
    GROUP BY organisation_id, from_at, until_at, user_id, tracking, campaign_id

    UNION ALL

    SELECT
        false AS is_log,
        organisation_id, from_at, until_at,
        user_id, tracking,
        campaign_id,
        (hits, opens, unique_opens, human_opens, human_unique) AS counts
    FROM closed_opens
    WHERE toYYYYMM(from_at) = {month:UInt32}
        AND (organisation_id, from_at, until_at, revision) IN (SELECT organisation_id, from_at, until_at, revision FROM used)
)
GROUP BY organisation_id, from_at, until_at, user_id, tracking, campaign_id
HAVING expected != found
ORDER BY key
LIMIT {limit:UInt32};
