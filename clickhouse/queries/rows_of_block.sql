-- answers: what one block stored, and in which months
-- parameters: block
-- one row is: one table of the log and one month with rows of the block
SELECT
    'events' AS source,
    toYYYYMM(at) AS month,
    count() AS rows,
    min(at) AS first_at,
    max(at) AS last_at
FROM events
WHERE block = {block:String}
GROUP BY month

UNION ALL

SELECT
    'drops' AS source,
    toYYYYMM(at) AS month,
    count() AS rows,
    min(at) AS first_at,
    max(at) AS last_at
FROM drops
WHERE block = {block:String}
GROUP BY month

UNION ALL

SELECT
    'reclassifications' AS source,
    toYYYYMM(at) AS month,
    count() AS rows,
    min(at) AS first_at,
    max(at) AS last_at
FROM reclassifications
WHERE block = {block:String}
GROUP BY month;
