-- The deletion that is being made in the clone {name:String}, if ClickHouse was asked for one, and whether it is counted.
SELECT
    organisation_id,
    from_at,
    until_at,
    name IN (SELECT name FROM deleted_hits) AS is_counted
FROM deletions
WHERE name = {name:String}
LIMIT 1;
