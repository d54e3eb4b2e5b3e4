-- Which zone data ClickHouse was built with, like 2026c; and which of {names:Array(String)} it knows.
SELECT
    (SELECT any(value) FROM system.build_options WHERE name = 'TZDATA_VERSION') AS version,
    (SELECT groupArray(time_zone) FROM system.time_zones WHERE time_zone IN {names:Array(String)}) AS known;
