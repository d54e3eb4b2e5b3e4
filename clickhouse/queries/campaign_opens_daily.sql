-- answers: on which local days the pixels of a campaign were opened, and how often
-- parameters: organisation_id, campaign_id, from_at, until_at (multiples of 15 minutes around its runs), exclude_bots; offset_starts, offsets (from when on, in seconds since the epoch, ascending, local time is so many seconds ahead of UTC); revisions, open_starts, open_ends (what `closed_parts` says of this time, cut where local days begin: see `clickhouse/closed_parts.py`)
-- one row is: one local day with counted opens; days without are left out. Unique: each visitor once a UTC day and person.
SELECT
    date,
    sum(counted) AS opens,
    sum(counted_unique) AS unique_opens
FROM
(
    SELECT
        toDate(from_at + transform(roundDown(toUnixTimestamp(from_at), {offset_starts:Array(UInt32)}), {offset_starts:Array(UInt32)}, {offsets:Array(Int32)})) AS date,
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
        toDate(bucket_at + transform(roundDown(toUnixTimestamp(bucket_at), {offset_starts:Array(UInt32)}), {offset_starts:Array(UInt32)}, {offsets:Array(Int32)})) AS date,
        sum(visits_15m.opens) AS counted,
        uniqExact(user_id, visitor) AS counted_unique
    FROM visits_15m
    WHERE organisation_id = {organisation_id:UUID}
        AND bucket_at IN (
            SELECT toDateTime(arrayJoin(arrayFlatten(arrayMap(
                (start, end) -> range(start, end, 900), {open_starts:Array(UInt32)}, {open_ends:Array(UInt32)}
            ))), 'UTC')
        )
        AND tracking = 'campaign'
        AND campaign_id = {campaign_id:UUID}
        AND NOT is_rate_limited
        AND (
            NOT {exclude_bots:Bool}
            OR open_class = 'image_proxy'
            OR (open_class = 'human' AND visitor NOT IN (
                SELECT visitor
                FROM reclassifications
                WHERE organisation_id = {organisation_id:UUID}
                    AND open_date >= toDate({from_at:DateTime64(3, 'UTC')})
                    AND open_date <= toDate({until_at:DateTime64(3, 'UTC')})
            ))
        )
    GROUP BY date
)
GROUP BY date
HAVING opens > 0
ORDER BY date;
