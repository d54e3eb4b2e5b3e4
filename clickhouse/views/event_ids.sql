-- one row is: one id ever stored, with the block that stored it. The table itself is made by migration 0001.
CREATE MATERIALIZED VIEW event_ids_mv TO event_ids AS
SELECT
    toUInt128(id) AS key,
    block
FROM events;

CREATE MATERIALIZED VIEW event_ids_drops_mv TO event_ids AS
SELECT
    toUInt128(id) AS key,
    block
FROM drops;

CREATE MATERIALIZED VIEW event_ids_reclassifications_mv TO event_ids AS
SELECT
    toUInt128(id) AS key,
    block
FROM reclassifications;
