-- The log: one wide row per event. Source columns are never rewritten; derived columns
-- (open_class, confidence, reasons, device, ruleset) can be remade by replay.
CREATE TABLE IF NOT EXISTS events
(
    id              UUID,
    type            LowCardinality(String),
    at              DateTime64(3, 'UTC'),
    organisation_id UUID,
    user_id         UUID,
    tracking        LowCardinality(String),
    campaign_id     Nullable(UUID),
    token           String,
    visitor         FixedString(16),
    user_agent      String CODEC(ZSTD(1)),
    method          LowCardinality(String),
    purpose         LowCardinality(String),
    networks        Array(LowCardinality(String)),
    country         LowCardinality(String),
    open_class      LowCardinality(String),
    confidence      Float32,
    reasons         Array(LowCardinality(String)),
    device          LowCardinality(String),
    ruleset         UInt16,
    is_rate_limited Bool,
    block           String CODEC(ZSTD(1)),
    payload         JSON,
    received_at     DateTime64(3, 'UTC') ALIAS UUIDv7ToDateTime(id),
    INDEX block_idx block TYPE bloom_filter(0.01) GRANULARITY 8
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (organisation_id, type, user_id, at, id)
SETTINGS non_replicated_deduplication_window = {dedup_window_blocks:UInt32};

-- Events that ended for an expected reason: nothing but when and why.
CREATE TABLE IF NOT EXISTS drops
(
    id              UUID,
    at              DateTime64(3, 'UTC'),
    organisation_id Nullable(UUID),
    tracking        LowCardinality(String),
    reason          LowCardinality(String),
    block           String CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (reason, at)
SETTINGS non_replicated_deduplication_window = {dedup_window_blocks:UInt32};

-- Every id ever stored, with the block that stored it. Ordered by the id as a number, because ClickHouse
-- orders UUIDs by their second half and a UUIDv7 keeps its time in the first.
CREATE TABLE IF NOT EXISTS event_ids
(
    key   UInt128,
    block String CODEC(ZSTD(1))
)
ENGINE = MergeTree
ORDER BY key
SETTINGS non_replicated_deduplication_window = {dedup_window_blocks:UInt32};
