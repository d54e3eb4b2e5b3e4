-- How many rows of the log an organisation has of each UTC day before a moment.
SELECT
    day,
    sum(is_event) AS events,
    count() - events AS drops
FROM
(
    SELECT toDate(at) AS day, 1 AS is_event
    FROM events
    WHERE organisation_id = {organisation_id:UUID} AND at < {before_at:DateTime64(3, 'UTC')}

    UNION ALL

    SELECT toDate(at) AS day, 0 AS is_event
    FROM drops
    WHERE organisation_id = {organisation_id:UUID} AND at < {before_at:DateTime64(3, 'UTC')}
)
GROUP BY day
ORDER BY day;
