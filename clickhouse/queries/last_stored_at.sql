-- answers: how fresh the numbers of one person are
-- parameters: organisation_id, user_id
-- one row is: the time of the newest open of any class; none if there is none
SELECT at AS last_open_at
FROM events
WHERE organisation_id = {organisation_id:UUID}
    AND type = 'signature_opened'
    AND user_id = {user_id:UUID}
    AND tracking = 'user'
ORDER BY at DESC
LIMIT 1;
