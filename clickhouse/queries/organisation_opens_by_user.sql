-- answers: how often the signature of each person of an organisation was opened in a period, by how many different visitors, and how often in a period before
-- parameters: organisation_id, from_at, until_at, before_from_at, before_until_at (not after from_at; all multiples of 15 minutes, such as local midnights), exclude_bots
-- one row is: one person with opens in either period; most first
WITH
    {before_from_at:DateTime64(3, 'UTC')} AS first_at,
    {from_at:DateTime64(3, 'UTC')} AS middle_at,
    {before_until_at:DateTime64(3, 'UTC')} AS gap_at,
    {until_at:DateTime64(3, 'UTC')} AS last_at,
    (
        SELECT (groupArray(open_date), groupArray(visitors))
        FROM
        (
            SELECT open_date, count() AS visitors
            FROM reclassifications
            WHERE organisation_id = {organisation_id:UUID} AND open_date >= toDate(first_at) AND open_date <= toDate(last_at)
            GROUP BY open_date
        )
    ) AS corrections,
    -- Each UTC day of a period is a part of it. What was counted of a part when its day was over holds while the views have
    -- as many opens of it, and as many corrections of its day, as were counted; the other parts are read from the view.
    (
        SELECT (groupArrayIf(revision, is_closed), groupArrayIf(part_at, NOT is_closed))
        FROM
        (
            SELECT part_at, max(part_revision) AS revision, revision != 0 AND argMax(hits, part_revision) = sum(opens) AS is_closed
            FROM
            (
                SELECT from_at AS part_at, revision AS part_revision, hits, 0 AS opens
                FROM closed_parts
                WHERE organisation_id = {organisation_id:UUID}
                    AND from_at >= first_at
                    AND from_at < last_at
                    AND from_at = greatest(toStartOfDay(from_at), if(from_at < middle_at, first_at, middle_at))
                    AND until_at = least(toStartOfDay(from_at) + INTERVAL 1 DAY, if(from_at < middle_at, gap_at, last_at))
                    AND epoch = (SELECT max(epoch) FROM closed_epochs)
                    AND reclassifications = arrayElement(corrections.2, indexOf(corrections.1, toDate(from_at)))

                UNION ALL

                SELECT greatest(toStartOfDay(bucket_at), if(bucket_at < middle_at, first_at, middle_at)) AS part_at, 0 AS part_revision, 0 AS hits, opens
                FROM organisation_opens_15m
                WHERE organisation_id = {organisation_id:UUID}
                    AND bucket_at >= first_at
                    AND bucket_at < last_at
                    AND (bucket_at < gap_at OR bucket_at >= middle_at)
            )
            GROUP BY part_at
        )
    ) AS parts
SELECT
    user_id,
    sumIf(part_opens, part_at >= middle_at) AS opens,
    sumIf(part_unique, part_at >= middle_at) AS unique_opens,
    sumIf(part_opens, part_at < middle_at) AS opens_before
FROM
(
    -- a visitor's id lives for one UTC day, so unique counts of parts add up
    SELECT
        user_id,
        from_at AS part_at,
        if({exclude_bots:Bool}, human_opens, closed_opens.opens) AS part_opens,
        if({exclude_bots:Bool}, human_unique, closed_opens.unique_opens) AS part_unique
    FROM closed_opens
    WHERE organisation_id = {organisation_id:UUID}
        AND from_at >= first_at
        AND from_at < last_at
        AND revision IN (SELECT arrayJoin(parts.1))
        AND tracking = 'user'

    UNION ALL

    SELECT
        user_id,
        greatest(toStartOfDay(bucket_at), if(bucket_at < middle_at, first_at, middle_at)) AS part_at,
        sum(visits_15m.opens) AS part_opens,
        uniqExact(visitor) AS part_unique
    FROM visits_15m
    WHERE organisation_id = {organisation_id:UUID}
        AND bucket_at >= first_at
        AND bucket_at < last_at
        AND (bucket_at < gap_at OR bucket_at >= middle_at)
        AND toDate(bucket_at) IN (SELECT toDate(arrayJoin(parts.2)))
        AND greatest(toStartOfDay(bucket_at), if(bucket_at < middle_at, first_at, middle_at)) IN (SELECT arrayJoin(parts.2))
        AND tracking = 'user'
        AND NOT is_rate_limited
        AND (
            NOT {exclude_bots:Bool}
            OR open_class = 'image_proxy'
            OR (open_class = 'human' AND visitor NOT IN (
                SELECT visitor
                FROM reclassifications
                WHERE organisation_id = {organisation_id:UUID} AND open_date >= toDate(first_at) AND open_date <= toDate(last_at)
            ))
        )
    GROUP BY user_id, part_at
)
GROUP BY user_id
HAVING opens + opens_before > 0
ORDER BY opens DESC, user_id;
