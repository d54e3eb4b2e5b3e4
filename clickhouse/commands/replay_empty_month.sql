-- Forgets a month of one of the shadow's tables.
ALTER TABLE {table:Identifier} DROP PARTITION ID '{month:UInt32}';
