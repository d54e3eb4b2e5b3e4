-- The UTC days with opens of each organisation, from {from_at:DateTime64(3, 'UTC')} to {until_at:DateTime64(3, 'UTC')} (midnights), and its corrections.
SELECT organisation_id, day, sum(rows) AS reclassifications
FROM
(
    SELECT organisation_id, toDate(bucket_at) AS day, 0 AS rows, 1 AS is_open
    FROM organisation_opens_15m
    WHERE bucket_at >= {from_at:DateTime64(3, 'UTC')} AND bucket_at < {until_at:DateTime64(3, 'UTC')}

    UNION ALL

    SELECT organisation_id, open_date AS day, 1 AS rows, 0 AS is_open
    FROM reclassifications
    WHERE open_date >= toDate({from_at:DateTime64(3, 'UTC')}) AND open_date < toDate({until_at:DateTime64(3, 'UTC')})
)
GROUP BY organisation_id, day
HAVING max(is_open) = 1
ORDER BY day, organisation_id;
