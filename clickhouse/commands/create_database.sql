-- The database of CLICKHOUSE_URL.
CREATE DATABASE IF NOT EXISTS {database:Identifier};
