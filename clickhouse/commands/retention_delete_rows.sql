-- Deletes an organisation's rows of one month of a table between two UTC midnights, by the table's column of time. Without
-- the month ClickHouse would look into every part of every month, while ingest waits.
DELETE FROM {table:Identifier}
IN PARTITION {month:UInt32}
WHERE organisation_id = {organisation_id:UUID}
    AND {column:Identifier} >= {from_at:DateTime64(3, 'UTC')}
    AND {column:Identifier} < {until_at:DateTime64(3, 'UTC')}
SETTINGS lightweight_deletes_sync = 2;
