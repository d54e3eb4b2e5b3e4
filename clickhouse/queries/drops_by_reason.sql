-- answers: how many hits ended before the log, when and why
-- parameters: organisation_id (null: of tokens that belong to nobody), from_at, until_at; offset_starts, offsets (from when on, in seconds since the epoch, ascending, local time is so many seconds ahead of UTC)
-- one row is: one local day and one reason
SELECT
    toDate(at + transform(roundDown(toUnixTimestamp(at), {offset_starts:Array(UInt32)}), {offset_starts:Array(UInt32)}, {offsets:Array(Int32)})) AS date,
    reason,
    count() AS drops
FROM drops
WHERE at >= {from_at:DateTime64(3, 'UTC')}
    AND at < {until_at:DateTime64(3, 'UTC')}
    AND organisation_id IS NOT DISTINCT FROM {organisation_id:Nullable(UUID)}
GROUP BY date, reason
ORDER BY date, reason;
