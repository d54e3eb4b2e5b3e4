-- finds: 15-minute rows of persons and visitors whose opens are not those of the log
-- by: month
-- one row is: one key of opens_15m that differs
SELECT
    toString((organisation_id, user_id, bucket_at, tracking, campaign_id, open_class, device, is_rate_limited, hex(visitor))) AS key,
    concat(toString(log_opens), ' opens, the last at ', toString(log_last_at)) AS expected,
    concat(toString(view_opens), ' opens, the last at ', toString(view_last_at)) AS found
FROM
(
    SELECT
        organisation_id, user_id, bucket_at, tracking, campaign_id, open_class, device, is_rate_limited, visitor,
        sumIf(opens, is_log) AS log_opens,
        sumIf(opens, NOT is_log) AS view_opens,
        maxIf(last_at, is_log) AS log_last_at,
        maxIf(last_at, NOT is_log) AS view_last_at
    FROM
    (
        SELECT
            true AS is_log,
            toDateTime(intDiv(toUnixTimestamp(at), 900) * 900, 'UTC') AS bucket_at,
            organisation_id, user_id, tracking,
            coalesce(campaign_id, toUUIDOrZero('')) AS campaign_id,
            open_class, device, is_rate_limited, visitor,
            toUInt64(1) AS opens,
            at AS last_at
        FROM events
        WHERE type = 'signature_opened' AND toYYYYMM(at) = {month:UInt32}

        UNION ALL

        SELECT
            false AS is_log,
            bucket_at,
            organisation_id, user_id, tracking,
            campaign_id,
            open_class, device, is_rate_limited, visitor,
            toUInt64(opens) AS opens,
            CAST(last_at, 'DateTime64(3, \'UTC\')') AS last_at
        FROM opens_15m
        WHERE toYYYYMM(bucket_at) = {month:UInt32}
    )
    GROUP BY organisation_id, user_id, bucket_at, tracking, campaign_id, open_class, device, is_rate_limited, visitor
)
WHERE log_opens != view_opens OR log_last_at != view_last_at
ORDER BY key
LIMIT {limit:UInt32};
