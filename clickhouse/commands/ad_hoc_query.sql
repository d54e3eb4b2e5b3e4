-- What {statement:String}, typed by a person, is in ClickHouse's own notation, and which names are table functions.
SELECT
    formatQuery({statement:String}) AS formatted,
    (SELECT groupArray(lower(name)) FROM system.table_functions) AS table_functions;
