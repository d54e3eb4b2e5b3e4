-- Asks for an organisation's rows of one month of a table, between two UTC midnights by the table's column of time, to be
-- deleted: those that are there now.
ALTER TABLE {table:Identifier}
DELETE IN PARTITION {month:UInt32}
WHERE organisation_id = {organisation_id:UUID}
    AND {column:Identifier} >= {from_at:DateTime64(3, 'UTC')}
    AND {column:Identifier} < {until_at:DateTime64(3, 'UTC')}
SETTINGS mutations_sync = 0;
