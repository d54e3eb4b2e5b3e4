-- answers: how often the pixel of each person in a campaign was opened, by how many different visitors, and what of it does not count
-- parameters: organisation_id, campaign_id, from_at, until_at (multiples of 15 minutes around its runs), exclude_bots; revisions, open_starts, open_ends (what `closed_parts` says of this time: see `clickhouse/closed_parts.py`)
-- one row is: one person whose pixel was loaded; most counted opens first
SELECT
    user_id,
    sum(counted) AS opens,
    sum(counted_unique) AS unique_opens,
    sum(hits) - opens AS not_counted
FROM
(
    -- a visitor's id lives for one UTC day, so unique counts of days and of parts of periods add up
    SELECT
        user_id,
        closed_opens.hits AS hits,
        if({exclude_bots:Bool}, human_opens, closed_opens.opens) AS counted,
        if({exclude_bots:Bool}, human_unique, closed_opens.unique_opens) AS counted_unique
    FROM closed_opens
    WHERE organisation_id = {organisation_id:UUID}
        AND tracking = 'campaign'
        AND campaign_id = {campaign_id:UUID}
        AND from_at >= {from_at:DateTime64(3, 'UTC')}
        AND from_at < {until_at:DateTime64(3, 'UTC')}
        AND revision IN {revisions:Array(UInt64)}

    UNION ALL

    SELECT
        user_id,
        sum(visits.opens) AS hits,
        sumIf(visits.opens, is_counted) AS counted,
        uniqExactIf(visitor, is_counted) AS counted_unique
    FROM
    (
        SELECT
            user_id,
            opens,
            visitor,
            NOT is_rate_limited AND (
                NOT {exclude_bots:Bool}
                OR open_class = 'image_proxy'
                OR (open_class = 'human' AND visitor NOT IN (
                    SELECT visitor
                    FROM reclassifications
                    WHERE organisation_id = {organisation_id:UUID}
                        AND open_date >= toDate({from_at:DateTime64(3, 'UTC')})
                        AND open_date <= toDate({until_at:DateTime64(3, 'UTC')})
                ))
            ) AS is_counted
        FROM visits_15m
        WHERE organisation_id = {organisation_id:UUID}
            AND bucket_at IN (
                SELECT toDateTime(arrayJoin(arrayFlatten(arrayMap(
                    (start, end) -> range(start, end, 900), {open_starts:Array(UInt32)}, {open_ends:Array(UInt32)}
                ))), 'UTC')
            )
            AND tracking = 'campaign'
            AND campaign_id = {campaign_id:UUID}
    ) AS visits
    GROUP BY user_id
)
GROUP BY user_id
ORDER BY opens DESC, user_id;
