-- Tables and views of this database; for a materialised view also the table it fills.
SELECT
    name,
    engine,
    extract(create_table_query, ' TO [^ ]*?([A-Za-z0-9_]+)`? ') AS target
FROM system.tables
WHERE database = currentDatabase()
ORDER BY name;
