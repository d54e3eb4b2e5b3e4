-- A month of which the log holds nothing.
ALTER TABLE {target:Identifier} DROP PARTITION ID '{month:UInt32}';
