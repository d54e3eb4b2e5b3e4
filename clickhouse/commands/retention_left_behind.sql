-- The UTC days between two midnights of which a view, or what was counted, has something of an organisation.
SELECT DISTINCT toDate({column:Identifier}) AS day
FROM {table:Identifier}
WHERE organisation_id = {organisation_id:UUID}
    AND {column:Identifier} >= {from_at:DateTime64(3, 'UTC')}
    AND {column:Identifier} < {until_at:DateTime64(3, 'UTC')};
