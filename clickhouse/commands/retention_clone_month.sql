-- A month of the log as it is at this moment, by hard links: no row is copied.
ALTER TABLE {clone:Identifier}.{table:Identifier} ATTACH PARTITION ID '{month:UInt32}' FROM {live:Identifier}.{table:Identifier};
