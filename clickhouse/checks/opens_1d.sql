-- finds: rows of UTC days whose opens or visitors are not those of the log
-- by: month
-- one row is: one key of opens_1d that differs
SELECT
    toString((organisation_id, user_id, open_date, tracking, open_class, device, is_rate_limited)) AS key,
    concat(toString(log_opens), ' opens by ', toString(log_visitors), ' visitors') AS expected,
    concat(toString(view_opens), ' opens by ', toString(view_visitors), ' visitors') AS found
FROM
(
    SELECT
        organisation_id, user_id, open_date, tracking, open_class, device, is_rate_limited,
        sumIf(opens, is_log) AS log_opens,
        sumIf(opens, NOT is_log) AS view_opens,
        uniqExactMergeIf(visitors, is_log) AS log_visitors,
        uniqExactMergeIf(visitors, NOT is_log) AS view_visitors,
        uniqExactMerge(visitors) AS all_visitors
    FROM
    (
        SELECT
            true AS is_log,
            organisation_id,
            user_id,
            toDate(intDiv(toUnixTimestamp(at), 86400)) AS open_date,
            tracking, open_class, device, is_rate_limited,
            toUInt64(count()) AS opens,
            uniqExactState(visitor) AS visitors
        FROM events
        WHERE type = 'signature_opened' AND toYYYYMM(at) = {month:UInt32}
        GROUP BY ALL

        UNION ALL

        SELECT
            false AS is_log,
            organisation_id, user_id, open_date, tracking, open_class, device, is_rate_limited,
            sum(opens) AS opens,
            uniqExactMergeState(visitors) AS visitors
        FROM opens_1d
        WHERE toYYYYMM(open_date) = {month:UInt32}
        GROUP BY ALL
    )
    GROUP BY organisation_id, user_id, open_date, tracking, open_class, device, is_rate_limited
)
WHERE log_opens != view_opens OR log_visitors != view_visitors OR all_visitors != log_visitors
ORDER BY key
LIMIT {limit:UInt32};
