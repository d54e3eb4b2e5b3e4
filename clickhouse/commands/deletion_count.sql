-- Counts what a deletion has taken from the log: rows of its clone that the log has no more, by the milliseconds in front of their
-- ids, cut at UTC midnights and where runs began. One row at least, also if it took nothing.
INSERT INTO deleted_hits (name, since_ms, events, drops)
SELECT
    {name:String},
    greatest(roundDown(id_ms, {began_ms:Array(UInt64)}), intDiv(id_ms, 86400000) * 86400000) AS since_ms,
    sum(is_event) AS events,
    sum(is_drop) AS drops
FROM
(
    SELECT toUInt64(bitShiftRight(toUInt128(id), 80)) AS id_ms, 1 AS is_event, 0 AS is_drop
    FROM {clone:Identifier}.events
    WHERE organisation_id = {organisation_id:UUID}
        AND at >= {from_at:DateTime64(3, 'UTC')} AND at < {until_at:DateTime64(3, 'UTC')}
        AND id NOT IN (
            SELECT id
            FROM events
            WHERE organisation_id = {organisation_id:UUID}
                AND at >= {from_at:DateTime64(3, 'UTC')} AND at < {until_at:DateTime64(3, 'UTC')}
        )

    UNION ALL

    SELECT toUInt64(bitShiftRight(toUInt128(id), 80)) AS id_ms, 0 AS is_event, 1 AS is_drop
    FROM {clone:Identifier}.drops
    WHERE organisation_id = {organisation_id:UUID}
        AND at >= {from_at:DateTime64(3, 'UTC')} AND at < {until_at:DateTime64(3, 'UTC')}
        AND id NOT IN (
            SELECT id
            FROM drops
            WHERE organisation_id = {organisation_id:UUID}
                AND at >= {from_at:DateTime64(3, 'UTC')} AND at < {until_at:DateTime64(3, 'UTC')}
        )

    UNION ALL

    SELECT toUInt64(0) AS id_ms, 0 AS is_event, 0 AS is_drop
)
GROUP BY since_ms;
