-- How the opens of month {month:UInt32} were judged and are judged now, by UTC day.
SELECT
    toDate(s.at) AS date,
    s.open_class AS class_before,
    v.open_class AS class_after,
    count() AS opens
FROM source AS s
ANY LEFT JOIN verdicts AS v ON sipHash128(s.user_agent, s.method, s.purpose, s.networks) = v.key
WHERE toYYYYMM(s.at) = {month:UInt32} AND s.type = 'signature_opened' AND v.open_class != ''
GROUP BY date, class_before, class_after
ORDER BY date, class_before, class_after;
