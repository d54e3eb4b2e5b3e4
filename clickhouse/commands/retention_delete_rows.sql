-- Deletes an organisation's rows of a table between two UTC midnights, by the table's column of time.
DELETE FROM {table:Identifier}
WHERE organisation_id = {organisation_id:UUID}
    AND {column:Identifier} >= {from_at:DateTime64(3, 'UTC')}
    AND {column:Identifier} < {until_at:DateTime64(3, 'UTC')}
SETTINGS lightweight_deletes_sync = 2;
