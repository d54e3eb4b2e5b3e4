-- finds: 15-minute rows of organisations whose opens are not those of the log
-- by: month
-- one row is: one key of organisation_opens_15m that differs
SELECT
    toString((organisation_id, bucket_at, tracking, open_class, is_rate_limited)) AS key,
    concat(toString(log_opens), ' opens') AS expected,
    concat(toString(view_opens), ' opens') AS found
FROM
(
    SELECT
        organisation_id, bucket_at, tracking, open_class, is_rate_limited,
        sumIf(opens, is_log) AS log_opens,
        sumIf(opens, NOT is_log) AS view_opens
    FROM
    (
        SELECT
            true AS is_log,
            organisation_id,
            toDateTime(intDiv(toUnixTimestamp(at), 900) * 900, 'UTC') AS bucket_at,
            tracking, open_class, is_rate_limited,
            toUInt64(1) AS opens
        FROM events
        WHERE type = 'signature_opened' AND toYYYYMM(at) = {month:UInt32}

        UNION ALL

        SELECT
            false AS is_log,
            organisation_id, bucket_at, tracking, open_class, is_rate_limited,
            toUInt64(opens) AS opens
        FROM organisation_opens_15m
        WHERE toYYYYMM(bucket_at) = {month:UInt32}
    )
    GROUP BY organisation_id, bucket_at, tracking, open_class, is_rate_limited
)
WHERE log_opens != view_opens
ORDER BY key
LIMIT {limit:UInt32};
