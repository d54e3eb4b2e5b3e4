-- Puts a month of the shadow in the place of the log's or a view's, in one step for every reader.
ALTER TABLE {table:Identifier} REPLACE PARTITION ID '{month:UInt32}' FROM {shadow:Identifier}.{table:Identifier};
