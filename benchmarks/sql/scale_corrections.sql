-- Corrections of the benchmark's log: of each UTC day and organisation, about one visitor in 500 was no person.
INSERT INTO reclassifications
    (id, at, organisation_id, open_date, visitor, open_class, confidence, reasons, rule, ruleset, tokens, opens, decided_at, block)
SELECT
    generateUUIDv4() AS id,
    toDateTime64({from_at:DateTime64(3, 'UTC')}, 3, 'UTC') AS at,
    organisation_id,
    toDate({from_at:DateTime64(3, 'UTC')}) AS open_date,
    visitor,
    'scanner' AS open_class,
    0.9 AS confidence,
    ['behaviour_many_tokens'] AS reasons,
    'many_tokens' AS rule,
    1 AS ruleset,
    5 AS tokens,
    sum(visits_15m.opens) AS opens,
    {from_at:DateTime64(3, 'UTC')} AS decided_at,
    'scale:corrections' AS block
FROM visits_15m
WHERE bucket_at >= {from_at:DateTime64(3, 'UTC')}
    AND bucket_at < {from_at:DateTime64(3, 'UTC')} + INTERVAL 1 DAY
    AND open_class = 'human'
    AND cityHash64(visitor) % 500 = 7
GROUP BY organisation_id, visitor
SETTINGS insert_deduplicate = 0;
