-- answers: what the four questions about a campaign answer, of the stretches that are not counted yet alone: opens of its own pixels, and of people's own pixels before it and while it ran, by person and by local day
-- parameters: organisation_id, campaign_id, packed_ids (base64 of 16 bytes an id), count (of ids; 0: everybody), from_at, until_at (around all stretches), during_at (where the campaign begins), exclude_bots; offset_starts, offsets (from when on, in seconds since the epoch, ascending, local time is so many seconds ahead of UTC); open_starts, open_ends (of the campaign's own pixels), base_starts, base_ends (of people's own pixels): what `closed_parts` says (see `clickhouse/closed_parts.py`)
-- one row is: `campaign`, `during` or `before`, of one person (`is_by_day` 0) or of one local day (1); visitors are those of the campaign alone: nobody asks for others
SELECT
    what,
    grouping(user_id) AS is_by_day,
    user_id,
    date,
    sum(visits.opens) AS hits,
    sumIf(visits.opens, is_counted) AS opens,
    uniqExactIf(visits.user_id, visitor, is_counted AND what = 'campaign') AS unique_opens
FROM
(
    SELECT
        multiIf(tracking = 'campaign', 'campaign', bucket_at >= {during_at:DateTime64(3, 'UTC')}, 'during', 'before') AS what,
        toDate(bucket_at + transform(roundDown(toUnixTimestamp(bucket_at), {offset_starts:Array(UInt32)}), {offset_starts:Array(UInt32)}, {offsets:Array(Int32)})) AS date,
        user_id,
        visitor,
        opens,
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
                (start, end) -> range(start, end, 900),
                arrayConcat({open_starts:Array(UInt32)}, {base_starts:Array(UInt32)}),
                arrayConcat({open_ends:Array(UInt32)}, {base_ends:Array(UInt32)})
            ))), 'UTC')
        )
        AND (
            (
                tracking = 'campaign'
                AND campaign_id = {campaign_id:UUID}
                AND arrayExists((start, end) -> bucket_at >= start AND bucket_at < end, {open_starts:Array(UInt32)}, {open_ends:Array(UInt32)})
            )
            OR (
                tracking = 'user'
                AND arrayExists((start, end) -> bucket_at >= start AND bucket_at < end, {base_starts:Array(UInt32)}, {base_ends:Array(UInt32)})
                AND (
                    {count:UInt32} = 0
                    OR user_id IN (
                        SELECT toUUID(UUIDNumToString(toFixedString(substring(base64Decode({packed_ids:String}), 16 * number + 1, 16), 16)))
                        FROM numbers({count:UInt32})
                    )
                )
            )
        )
) AS visits
GROUP BY GROUPING SETS ((what, user_id), (what, date))
ORDER BY what, is_by_day, user_id, date;
