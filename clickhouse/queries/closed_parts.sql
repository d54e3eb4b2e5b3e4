-- answers: which parts of closed UTC days were counted, beside how many opens and corrections; and how many there are now
-- parameters: organisation_id, from_at, until_at (multiples of 15 minutes), cuts (seconds since the epoch, ascending, multiples of 15 minutes, the first is from_at)
-- one row is: `counted`: the newest count of a part, with its revision; `held`: the opens that the view holds from one cut to the next, where there are some; `corrected`: the corrections of one UTC day, where there are some
SELECT
    'counted' AS kind,
    toUnixTimestamp(part.from_at) AS start,
    toUnixTimestamp(part.until_at) AS end,
    max(part.revision) AS revision,
    argMax(part.hits, part.revision) AS hits,
    argMax(part.reclassifications, part.revision) AS corrections
FROM closed_parts AS part
WHERE part.organisation_id = {organisation_id:UUID}
    AND part.from_at >= {from_at:DateTime64(3, 'UTC')}
    AND part.from_at < {until_at:DateTime64(3, 'UTC')}
    AND part.epoch = (SELECT max(epoch) FROM closed_epochs)
GROUP BY start, end

UNION ALL

SELECT
    'held' AS kind,
    roundDown(toUnixTimestamp(bucket_at), {cuts:Array(UInt32)}) AS start,
    0 AS end,
    0 AS revision,
    sum(opens) AS hits,
    0 AS corrections
FROM organisation_opens_15m
WHERE organisation_id = {organisation_id:UUID}
    AND bucket_at >= {from_at:DateTime64(3, 'UTC')}
    AND bucket_at < {until_at:DateTime64(3, 'UTC')}
GROUP BY start

UNION ALL

SELECT
    'corrected' AS kind,
    toUnixTimestamp(toDateTime(open_date, 'UTC')) AS start,
    0 AS end,
    0 AS revision,
    0 AS hits,
    count() AS corrections
FROM reclassifications
WHERE organisation_id = {organisation_id:UUID}
    AND open_date >= toDate({from_at:DateTime64(3, 'UTC')})
    AND open_date <= toDate({until_at:DateTime64(3, 'UTC')})
GROUP BY start;
