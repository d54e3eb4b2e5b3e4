-- Counts of closed days in the order in which they are asked for: one kind, one campaign, then time. As it was before, a question
-- about one campaign read those of all. They are a memo, so they are not copied but counted again.
DROP TABLE IF EXISTS closed_parts SYNC;

DROP TABLE IF EXISTS closed_opens SYNC;

CREATE TABLE IF NOT EXISTS closed_parts
(
    organisation_id   UUID,
    from_at           DateTime('UTC'),
    until_at          DateTime('UTC'),
    revision          UInt64,
    epoch             UInt64,
    hits              UInt64,
    reclassifications UInt64
)
ENGINE = ReplacingMergeTree(revision)
PARTITION BY toYYYYMM(from_at)
ORDER BY (organisation_id, from_at, until_at)
SETTINGS non_replicated_deduplication_window = {dedup_window_blocks:UInt32};

CREATE TABLE IF NOT EXISTS closed_opens
(
    organisation_id UUID,
    from_at         DateTime('UTC'),
    until_at        DateTime('UTC'),
    revision        UInt64,
    user_id         UUID,
    tracking        LowCardinality(String),
    campaign_id     UUID,
    hits            UInt64,
    opens           UInt64,
    unique_opens    UInt64,
    human_opens     UInt64,
    human_unique    UInt64
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(from_at)
PRIMARY KEY (organisation_id, tracking, campaign_id, from_at, until_at, revision)
ORDER BY (organisation_id, tracking, campaign_id, from_at, until_at, revision, user_id)
SETTINGS index_granularity = 2048, non_replicated_deduplication_window = {dedup_window_blocks:UInt32};
