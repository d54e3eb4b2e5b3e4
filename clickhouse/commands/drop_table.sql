-- Drops a table or view at once, whatever its size: it can be remade from the log.
DROP TABLE IF EXISTS {table:Identifier} SYNC SETTINGS max_table_size_to_drop = 0;
