-- The table as it is at this moment, by hard links: no row is copied.
CREATE TABLE {snapshot:Identifier}.{table:Identifier} CLONE AS {table:Identifier};
