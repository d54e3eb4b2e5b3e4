-- The parts of closed days from {from_at:DateTime64(3, 'UTC')} to {until_at:DateTime64(3, 'UTC')} whose counts still hold.
SELECT p.organisation_id AS organisation_id, p.from_at AS from_at, p.until_at AS until_at
FROM
(
    SELECT organisation_id, toDate(from_at) AS day, from_at, until_at, hits, reclassifications
    FROM closed_parts FINAL
    WHERE from_at >= {from_at:DateTime64(3, 'UTC')}
        AND from_at < {until_at:DateTime64(3, 'UTC')}
        AND epoch = (SELECT max(epoch) FROM closed_epochs)
) AS p
INNER JOIN
(
    SELECT organisation_id, toDate(bucket_at) AS day, bucket_at, sum(opens) AS opens
    FROM organisation_opens_15m
    WHERE bucket_at >= {from_at:DateTime64(3, 'UTC')} AND bucket_at < {until_at:DateTime64(3, 'UTC')}
    GROUP BY organisation_id, day, bucket_at
) AS o ON o.organisation_id = p.organisation_id AND o.day = p.day
LEFT JOIN
(
    SELECT organisation_id, open_date AS day, count() AS rows
    FROM reclassifications
    WHERE open_date >= toDate({from_at:DateTime64(3, 'UTC')}) AND open_date < toDate({until_at:DateTime64(3, 'UTC')})
    GROUP BY organisation_id, day
) AS r ON r.organisation_id = p.organisation_id AND r.day = p.day
GROUP BY p.organisation_id, p.from_at, p.until_at, p.hits, p.reclassifications, r.rows
HAVING sumIf(o.opens, o.bucket_at >= p.from_at AND o.bucket_at < p.until_at) = p.hits AND r.rows = p.reclassifications;
