-- How many rows of the log an organisation has of each UTC day between two midnights. A day of which nothing but a correction
-- is left (a run was killed, or it came late) is named too.
SELECT
    day,
    countIf(source = 'events') AS events,
    countIf(source = 'drops') AS drops
FROM
(
    SELECT toDate(at) AS day, 'events' AS source
    FROM events
    WHERE organisation_id = {organisation_id:UUID} AND at >= {from_at:DateTime64(3, 'UTC')} AND at < {until_at:DateTime64(3, 'UTC')}

    UNION ALL

    SELECT toDate(at) AS day, 'drops' AS source
    FROM drops
    WHERE organisation_id = {organisation_id:UUID} AND at >= {from_at:DateTime64(3, 'UTC')} AND at < {until_at:DateTime64(3, 'UTC')}

    UNION ALL

    SELECT toDate(at) AS day, 'reclassifications' AS source
    FROM reclassifications
    WHERE organisation_id = {organisation_id:UUID} AND at >= {from_at:DateTime64(3, 'UTC')} AND at < {until_at:DateTime64(3, 'UTC')}
)
GROUP BY day
ORDER BY day;
