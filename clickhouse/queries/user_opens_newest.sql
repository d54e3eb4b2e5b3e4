-- answers: what user_opens_recent answers, but as the opens were judged when they came; what rules across hits found later says corrections_of_visitors
-- parameters: organisation_id, user_id, limit
-- one row is: one open, of any class, newest first
SELECT
    id,
    at,
    visitor,
    toString(open_class) AS open_class,
    is_rate_limited,
    toString(device) AS device,
    toString(country) AS country,
    reasons,
    confidence
FROM events
WHERE organisation_id = {organisation_id:UUID}
    AND type = 'signature_opened'
    AND user_id = {user_id:UUID}
    AND tracking = 'user'
ORDER BY at DESC, id DESC
LIMIT {limit:UInt16};
