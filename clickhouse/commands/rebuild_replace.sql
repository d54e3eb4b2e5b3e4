-- Puts the remade month in the place of the old one, in one step for every reader.
ALTER TABLE {target:Identifier} REPLACE PARTITION ID '{month:UInt32}' FROM {scratch:Identifier};
