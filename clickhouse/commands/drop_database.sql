-- A snapshot that nobody needs any more.
DROP DATABASE IF EXISTS {database:Identifier} SYNC;
