-- Deletes the ids of an organisation's rows of the log between two moments; the rows themselves must still be there.
DELETE FROM event_ids
WHERE key IN
(
    SELECT toUInt128(id)
    FROM events
    WHERE organisation_id = {organisation_id:UUID}
        AND at >= {from_at:DateTime64(3, 'UTC')} AND at < {until_at:DateTime64(3, 'UTC')}

    UNION ALL

    SELECT toUInt128(id)
    FROM drops
    WHERE organisation_id = {organisation_id:UUID}
        AND at >= {from_at:DateTime64(3, 'UTC')} AND at < {until_at:DateTime64(3, 'UTC')}

    UNION ALL

    SELECT toUInt128(id)
    FROM reclassifications
    WHERE organisation_id = {organisation_id:UUID}
        AND at >= {from_at:DateTime64(3, 'UTC')} AND at < {until_at:DateTime64(3, 'UTC')}
)
SETTINGS lightweight_deletes_sync = 2;
