-- Distinct requests of month {month:UInt32} that are not in the shadow yet and were not judged yet, at most {limit:UInt32}.
SELECT sipHash128(user_agent, method, purpose, networks) AS key, user_agent, method, purpose, networks
FROM
(
    SELECT DISTINCT user_agent, method, purpose, networks
    FROM source
    WHERE toYYYYMM(at) = {month:UInt32}
        AND type = 'signature_opened'
        AND block NOT IN (SELECT block FROM events WHERE toYYYYMM(at) = {month:UInt32})
)
WHERE key NOT IN (SELECT key FROM verdicts)
LIMIT {limit:UInt32};
