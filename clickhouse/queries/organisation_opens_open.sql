-- answers: what organisation_opens_by_user answers, of the stretches that are not counted yet alone
-- parameters: organisation_id, first_at, from_at, until_at (of both periods together, and where the later one begins), exclude_bots; open_starts, open_ends (what `closed_parts` says of both periods: see `clickhouse/closed_parts.py`)
-- one row is: one person with opens in these stretches
SELECT
    user_id,
    sumIf(opens, is_asked) AS opens,
    uniqExactIf(day, visitor, is_asked) AS unique_opens,
    sumIf(visits.opens, NOT is_asked) AS opens_before
FROM
(
    SELECT
        user_id,
        toDate(bucket_at) AS day,
        visitor,
        opens,
        bucket_at >= {from_at:DateTime64(3, 'UTC')} AS is_asked
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
) AS visits
GROUP BY user_id
ORDER BY user_id;
