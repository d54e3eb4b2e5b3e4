-- What there is of a block that was begun and not ended.
DELETE FROM {table:Identifier} WHERE block = {block:String} SETTINGS lightweight_deletes_sync = 2;
