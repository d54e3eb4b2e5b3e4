-- answers: how often the signature of each person of an organisation was opened in a period, by how many different visitors, and how often in a period before
-- parameters: organisation_id, first_at, from_at, until_at (of both periods together, and where the later one begins), exclude_bots; revisions, open_starts, open_ends (what `closed_parts` says of both periods: see `clickhouse/closed_parts.py`)
-- one row is: one person with opens in either period; most first
SELECT
    user_id,
    sumIf(counted, is_asked) AS opens,
    sumIf(counted_unique, is_asked) AS unique_opens,
    sumIf(counted, NOT is_asked) AS opens_before
FROM
(
    -- a visitor's id lives for one UTC day, so unique counts of days and of parts of periods add up
    SELECT
        user_id,
        from_at >= {from_at:DateTime64(3, 'UTC')} AS is_asked,
        if({exclude_bots:Bool}, human_opens, opens) AS counted,
        if({exclude_bots:Bool}, human_unique, unique_opens) AS counted_unique
    FROM closed_opens
    WHERE organisation_id = {organisation_id:UUID}
        AND tracking = 'user'
        AND campaign_id = toUUID('00000000-0000-0000-0000-000000000000')
        AND from_at >= {first_at:DateTime64(3, 'UTC')}
        AND from_at < {until_at:DateTime64(3, 'UTC')}
        AND revision IN {revisions:Array(UInt64)}

    UNION ALL

    SELECT
        user_id,
        bucket_at >= {from_at:DateTime64(3, 'UTC')} AS is_asked,
        sum(visits_15m.opens) AS counted,
        uniqExact(visitor) AS counted_unique
    FROM visits_15m
    WHERE organisation_id = {organisation_id:UUID}
        AND bucket_at IN (
            SELECT toDateTime(arrayJoin(arrayFlatten(arrayMap(
                (start, end) -> range(start, end, 900), {open_starts:Array(UInt32)}, {open_ends:Array(UInt32)}
            ))), 'UTC')
        )
        AND tracking = 'user'
        AND NOT is_rate_limited
        AND (
            NOT {exclude_bots:Bool}
            OR open_class = 'image_proxy'
            OR (open_class = 'human' AND visitor NOT IN (
                SELECT visitor
                FROM reclassifications
                WHERE organisation_id = {organisation_id:UUID}
                    AND open_date >= toDate({first_at:DateTime64(3, 'UTC')})
                    AND open_date <= toDate({until_at:DateTime64(3, 'UTC')})
            ))
        )
    GROUP BY user_id, is_asked, toDate(bucket_at)
)
GROUP BY user_id
HAVING opens + opens_before > 0
ORDER BY opens DESC, user_id;
