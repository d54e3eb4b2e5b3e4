-- answers: what the newest opens of one person's signature were
-- parameters: organisation_id, user_id, exclude_bots, limit
-- one row is: one open, of any class, newest first; what rules across hits found later stands in place of what was found at first
WITH
    newest AS
    (
        SELECT id, at, visitor, open_class, is_rate_limited, device, country, reasons, confidence
        FROM events
        WHERE organisation_id = {organisation_id:UUID}
            AND type = 'signature_opened'
            AND user_id = {user_id:UUID}
            AND tracking = 'user'
        ORDER BY at DESC, id DESC
        LIMIT {limit:UInt16}
    ),
    corrections AS
    (
        SELECT
            visitor,
            argMax((toString(open_class), CAST(reasons, 'Array(String)'), confidence), (decided_at, id)) AS correction
        FROM reclassifications
        WHERE organisation_id = {organisation_id:UUID}
            AND (open_date, visitor) IN (SELECT toDate(at), visitor FROM newest)
        GROUP BY visitor
    )
SELECT
    n.id AS id,
    n.at AS at,
    CAST(n.open_class = 'human' AND c.correction.1 != '', 'Bool') AS is_corrected,
    if(is_corrected, c.correction.1, toString(n.open_class)) AS open_class,
    NOT n.is_rate_limited AND (NOT {exclude_bots:Bool} OR (n.open_class IN ('human', 'image_proxy') AND NOT is_corrected)) AS is_counted,
    n.is_rate_limited AS is_rate_limited,
    n.device AS device,
    -- history may have been judged again since: a machine's address is not the reader's (SPEC H7)
    if(open_class IN ('image_proxy', 'privacy_prefetch', 'scanner', 'link_preview', 'crawler'), '', n.country) AS country,
    if(is_corrected, c.correction.2, CAST(n.reasons, 'Array(String)')) AS reasons,
    if(is_corrected, c.correction.3, n.confidence) AS confidence
FROM newest AS n
LEFT JOIN corrections AS c ON c.visitor = n.visitor
ORDER BY at DESC, id DESC;
