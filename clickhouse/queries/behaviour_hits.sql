-- answers: which human opens of an organisation's signatures one visitor made, and when exactly
-- parameters: organisation_id, visitor_id (hexadecimal), from_at, until_at, limit
-- one row is: one open, oldest first
SELECT
    toUnixTimestamp64Milli(at) AS at_ms,
    user_id,
    token,
    networks
FROM events
WHERE organisation_id = {organisation_id:UUID}
    AND type = 'signature_opened'
    -- whose signatures it loaded is in the view, by time: with that the log is read by its primary key
    AND user_id IN
    (
        SELECT user_id
        FROM visits_15m
        WHERE bucket_at >= toStartOfFifteenMinutes({from_at:DateTime64(3, 'UTC')})
            AND bucket_at < {until_at:DateTime64(3, 'UTC')}
            AND organisation_id = {organisation_id:UUID}
            AND visitor = toFixedString(unhex({visitor_id:String}), 16)
    )
    AND at >= {from_at:DateTime64(3, 'UTC')}
    AND at < {until_at:DateTime64(3, 'UTC')}
    AND open_class = 'human'
    AND visitor = toFixedString(unhex({visitor_id:String}), 16)
ORDER BY at, id
LIMIT {limit:UInt32};
