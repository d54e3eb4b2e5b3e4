-- An empty table like the log's.
CREATE TABLE {clone:Identifier}.{table:Identifier} AS {table:Identifier};
