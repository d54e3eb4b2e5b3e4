-- What the runner of migrations remembers. Append only: the highest revision of a view counts.
CREATE TABLE IF NOT EXISTS schema_migrations
(
    version    UInt32,
    name       String,
    statement  UInt16,
    checksum   String,
    applied_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = MergeTree
ORDER BY (version, statement);

CREATE TABLE IF NOT EXISTS schema_views
(
    name       String,
    revision   UInt64,
    checksum   String,
    is_ready   Bool,
    changed_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = MergeTree
ORDER BY (name, revision);

CREATE TABLE IF NOT EXISTS schema_locks
(
    owner       String,
    is_released Bool,
    beat_at     DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = MergeTree
ORDER BY (beat_at, owner)
TTL toDateTime(beat_at) + INTERVAL 1 DAY;
