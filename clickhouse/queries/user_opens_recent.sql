-- answers: what the newest opens of one person's signature were
-- parameters: organisation_id, user_id, exclude_bots, limit
-- one row is: one open, of any class, newest first
SELECT
    id,
    at,
    open_class,
    NOT is_rate_limited AND (NOT {exclude_bots:Bool} OR open_class IN ('human', 'image_proxy')) AS is_counted,
    is_rate_limited,
    device,
    -- history may have been judged again since: a machine's address is not the reader's (SPEC H7)
    if(open_class IN ('image_proxy', 'privacy_prefetch', 'scanner', 'link_preview', 'crawler'), '', country) AS country,
    reasons,
    confidence
FROM events
WHERE organisation_id = {organisation_id:UUID}
    AND type = 'signature_opened'
    AND user_id = {user_id:UUID}
    AND tracking = 'user'
ORDER BY at DESC, id DESC
LIMIT {limit:UInt16};
