-- Writes one month of a table anew without what was deleted from it: until then the rows are only hidden.
ALTER TABLE {table:Identifier} APPLY DELETED MASK IN PARTITION {month:UInt32} SETTINGS mutations_sync = 1;
