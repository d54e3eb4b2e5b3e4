-- Events {first:UInt64} to {first:UInt64} + {count:UInt64} of the benchmark's log, spread evenly in time; the same at every run.
INSERT INTO events
    (id, type, at, organisation_id, user_id, tracking, campaign_id, token, visitor, user_agent, method, purpose, networks,
     country, open_class, confidence, reasons, device, ruleset, is_over_limit, is_rate_limited, block)
WITH
    {from_ms:Int64} + toInt64(intDiv(toUInt128(n) * {span_ms:UInt64}, {events:UInt64})) AS at_ms,
    -- a UUIDv7: milliseconds, then chance
    bitOr(bitShiftLeft(toUInt128(at_ms), 80), bitAnd(toUInt128(sipHash64(n, 1)), toUInt128(18446744073709551615))) AS key,
    (cityHash64(n, 2) % s.visitors_of_a_day, intDiv(at_ms, 86400000)) AS who,
    cityHash64(s.user_id, who) AS kind,
    cityHash64(n, 3) % 1000 AS lot
SELECT
    reinterpret(bitOr(bitShiftLeft(key, 64), bitShiftRight(key, 64)), 'UUID') AS id,
    'signature_opened' AS type,
    fromUnixTimestamp64Milli(at_ms, 'UTC') AS at,
    s.organisation_id AS organisation_id,
    s.user_id AS user_id,
    if(lot < 850, 'user', 'campaign') AS tracking,
    if(lot < 850, NULL, reinterpret(toUInt128(s.organisation * 8 + lot % 5 + 1), 'UUID')) AS campaign_id,
    s.token AS token,
    sipHash128(s.user_id, who) AS visitor,
    concat('Mozilla/5.0 (benchmark; kind ', toString(kind % 200), ')') AS user_agent,
    'GET' AS method,
    '' AS purpose,
    [] AS networks,
    ['SA', 'DE', 'US', ''][1 + kind % 4] AS country,
    multiIf(
        kind % 100 < 55, 'human',
        kind % 100 < 75, 'image_proxy',
        kind % 100 < 85, 'privacy_prefetch',
        kind % 100 < 93, 'scanner',
        kind % 100 < 96, 'link_preview',
        kind % 100 < 98, 'script',
        kind % 100 < 99, 'crawler',
        'self') AS open_class,
    0.75 AS confidence,
    ['looks_like_it'] AS reasons,
    ['desktop', 'desktop', 'mobile', 'tablet', 'unknown'][1 + kind % 5] AS device,
    1 AS ruleset,
    lot % 200 = 7 AS is_over_limit,
    lot % 200 = 7 AS is_rate_limited,
    concat('scale:', toString({first:UInt64})) AS block
FROM
(
    SELECT number AS n, toUInt32(sipHash64(number) % {slots:UInt32}) AS slot
    FROM numbers({first:UInt64}, {count:UInt64})
) AS e
INNER JOIN scale_slots AS s ON s.slot = e.slot;
