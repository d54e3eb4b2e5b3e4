-- Every statement of every migration that was carried out.
SELECT version, name, statement, checksum
FROM schema_migrations
ORDER BY version, statement;
