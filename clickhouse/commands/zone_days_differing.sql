-- How many of these local days begin at another moment by the zone rules of ClickHouse itself. The one statement that names a
-- zone, for `heliograph verify` to tell of it; no number that is shown depends on it.
SELECT arrayCount(
    (start, day) -> toDate(toDateTime(start, 'UTC'), {time_zone:String}) != day OR toDate(toDateTime(start - 1, 'UTC'), {time_zone:String}) >= day,
    {day_starts:Array(UInt32)},
    {dates:Array(Date)}
) AS days
FROM system.one;
