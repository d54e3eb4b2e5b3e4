-- answers: on which local days people's own pixels were opened while a campaign ran, and in the same stretches some weeks before
-- parameters: organisation_id, packed_ids (base64 of 16 bytes an id), count (of ids; 0: everybody), from_at, until_at (around all stretches), during_at (where the later ones begin), exclude_bots; offset_starts, offsets (from when on, in seconds since the epoch, ascending, local time is so many seconds ahead of UTC); revisions, open_starts, open_ends (what `closed_parts` says of the stretches, cut where local days begin: see `clickhouse/closed_parts.py`)
-- one row is: one local day with counted opens in any of these stretches
SELECT
    date,
    sumIf(counted, NOT is_during) AS before,
    sumIf(counted, is_during) AS during
FROM
(
    SELECT
        user_id,
        toDate(from_at + transform(roundDown(toUnixTimestamp(from_at), {offset_starts:Array(UInt32)}), {offset_starts:Array(UInt32)}, {offsets:Array(Int32)})) AS date,
        from_at >= {during_at:DateTime64(3, 'UTC')} AS is_during,
        if({exclude_bots:Bool}, human_opens, opens) AS counted
    FROM closed_opens
    WHERE organisation_id = {organisation_id:UUID}
        AND tracking = 'user'
        AND campaign_id = toUUID('00000000-0000-0000-0000-000000000000')
        AND from_at >= {from_at:DateTime64(3, 'UTC')}
        AND from_at < {until_at:DateTime64(3, 'UTC')}
        AND revision IN {revisions:Array(UInt64)}

    UNION ALL

    SELECT
        user_id,
        toDate(bucket_at + transform(roundDown(toUnixTimestamp(bucket_at), {offset_starts:Array(UInt32)}), {offset_starts:Array(UInt32)}, {offsets:Array(Int32)})) AS date,
        bucket_at >= {during_at:DateTime64(3, 'UTC')} AS is_during,
        opens AS counted
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
                    AND open_date >= toDate({from_at:DateTime64(3, 'UTC')})
                    AND open_date <= toDate({until_at:DateTime64(3, 'UTC')})
            ))
        )
)
WHERE {count:UInt32} = 0
    OR user_id IN (
        SELECT toUUID(UUIDNumToString(toFixedString(substring(base64Decode({packed_ids:String}), 16 * number + 1, 16), 16)))
        FROM numbers({count:UInt32})
    )
GROUP BY date
HAVING before + during > 0
ORDER BY date;
