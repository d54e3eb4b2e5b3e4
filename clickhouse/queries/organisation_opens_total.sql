-- answers: how often the signatures of an organisation were opened
-- parameters: organisation_id, from_at, until_at (multiples of 15 minutes, such as local midnights), exclude_bots
-- one row is: the opens of all its people; always one row
SELECT sum(opens) AS total
FROM organisation_opens_15m
WHERE organisation_id = {organisation_id:UUID}
    AND bucket_at >= {from_at:DateTime64(3, 'UTC')}
    AND bucket_at < {until_at:DateTime64(3, 'UTC')}
    AND tracking = 'user'
    AND NOT is_rate_limited
    AND (NOT {exclude_bots:Bool} OR open_class IN ('human', 'image_proxy'));
