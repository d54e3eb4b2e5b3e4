-- What {statement:String}, typed by a person, is in ClickHouse's own notation, which names are table functions, and
-- which databases show what lies outside of ClickHouse (files, other servers) as tables.
SELECT
    formatQuery({statement:String}) AS formatted,
    (SELECT groupArray(lower(name)) FROM system.table_functions) AS table_functions,
    (
        SELECT groupArray(name) FROM system.databases
        WHERE engine NOT IN ('Atomic', 'Ordinary', 'Memory', 'Lazy', 'Replicated', 'Shared')
    ) AS foreign_databases;
