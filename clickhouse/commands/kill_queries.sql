-- Ends every running query whose id starts with {prefix:String} and waits for it.
KILL QUERY WHERE startsWith(query_id, {prefix:String}) SYNC;
