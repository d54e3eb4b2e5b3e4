-- Asks for the ids of an organisation's rows between two moments to be deleted. The rows are read when ClickHouse gets to it,
-- from {clone:Identifier}, which stays as the log was.
DELETE FROM event_ids
WHERE key IN
(
    SELECT toUInt128(id)
    FROM {clone:Identifier}.events
    WHERE organisation_id = {organisation_id:UUID}
        AND at >= {from_at:DateTime64(3, 'UTC')} AND at < {until_at:DateTime64(3, 'UTC')}

    UNION ALL

    SELECT toUInt128(id)
    FROM {clone:Identifier}.drops
    WHERE organisation_id = {organisation_id:UUID}
        AND at >= {from_at:DateTime64(3, 'UTC')} AND at < {until_at:DateTime64(3, 'UTC')}

    UNION ALL

    SELECT toUInt128(id)
    FROM {clone:Identifier}.reclassifications
    WHERE organisation_id = {organisation_id:UUID}
        AND at >= {from_at:DateTime64(3, 'UTC')} AND at < {until_at:DateTime64(3, 'UTC')}
)
SETTINGS lightweight_deletes_sync = 0;
