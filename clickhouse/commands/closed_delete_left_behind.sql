-- Deletes them.
DELETE FROM closed_opens
WHERE revision < {before:UInt64} AND (organisation_id, from_at, until_at, revision) NOT IN
(
    SELECT organisation_id, from_at, until_at, revision
    FROM closed_parts FINAL
    WHERE epoch = (SELECT max(epoch) FROM closed_epochs)
)
SETTINGS lightweight_deletes_sync = 2;
