-- The blocks of month {month:UInt32} that the shadow lacks, judged anew; source columns as they are.
INSERT INTO events
SELECT
    s.* REPLACE (
        if(s.type = 'signature_opened', v.open_class, s.open_class) AS open_class,
        if(s.type = 'signature_opened', v.confidence, s.confidence) AS confidence,
        if(s.type = 'signature_opened', v.reasons, s.reasons) AS reasons,
        if(s.type = 'signature_opened', v.device, s.device) AS device,
        if(s.type = 'signature_opened', {ruleset:UInt16}, s.ruleset) AS ruleset,
        if(s.type = 'signature_opened', s.is_over_limit AND NOT v.is_mail_proxy, s.is_rate_limited) AS is_rate_limited
    )
FROM
(
    SELECT *
    FROM source
    WHERE toYYYYMM(at) = {month:UInt32}
        AND block NOT IN (SELECT block FROM events WHERE toYYYYMM(at) = {month:UInt32})
) AS s
ANY LEFT JOIN verdicts AS v ON sipHash128(s.user_agent, s.method, s.purpose, s.networks) = v.key
WHERE NOT throwIf(s.type = 'signature_opened' AND v.open_class = '', 'a request of this month was not judged');
