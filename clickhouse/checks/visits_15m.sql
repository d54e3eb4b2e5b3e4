-- finds: 15-minute rows of visitors, time first, whose opens are not those of the log
-- by: month
-- one row is: one key of visits_15m that differs
SELECT
    toString((bucket_at, organisation_id, user_id, tracking, campaign_id, open_class, is_rate_limited, hex(visitor))) AS key,
    concat(toString(log_opens), ' opens') AS expected,
    concat(toString(view_opens), ' opens') AS found
FROM
(
    SELECT
        bucket_at, organisation_id, user_id, tracking, campaign_id, open_class, is_rate_limited, visitor,
        sumIf(opens, is_log) AS log_opens,
        sumIf(opens, NOT is_log) AS view_opens
    FROM
    (
        SELECT
            true AS is_log,
            toDateTime(intDiv(toUnixTimestamp(at), 900) * 900, 'UTC') AS bucket_at,
            organisation_id, user_id, tracking,
            coalesce(campaign_id, toUUIDOrZero('')) AS campaign_id,
            open_class, is_rate_limited, visitor,
            toUInt64(1) AS opens
        FROM events
        WHERE type = 'signature_opened' AND toYYYYMM(at) = {month:UInt32}

        UNION ALL

        SELECT
            false AS is_log,
            bucket_at,
            organisation_id, user_id, tracking,
            campaign_id,
            open_class, is_rate_limited, visitor,
            toUInt64(opens) AS opens
        FROM visits_15m
        WHERE toYYYYMM(bucket_at) = {month:UInt32}
    )
    GROUP BY bucket_at, organisation_id, user_id, tracking, campaign_id, open_class, is_rate_limited, visitor
)
WHERE log_opens != view_opens
ORDER BY key
LIMIT {limit:UInt32};
