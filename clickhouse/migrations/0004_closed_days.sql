-- What was counted of parts of UTC days that are over, so that a month need not be counted again for every question: a memo,
-- never a source. A part is a whole UTC day, or what lies before or after the organisation's midnight in it. It holds only
-- while the views still have as many opens of that part, and as many corrections of that day, as were counted: late opens
-- and corrections make it void without anybody telling it. Whatever rewrites views (replay, rebuild, migration) begins a new epoch,
-- and memos of earlier epochs are void too; while it is at work nothing is counted.
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

-- The counts of a part, by person, kind and campaign: all that is not rate limited, and of that what people did.
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
ORDER BY (organisation_id, from_at, until_at, revision, tracking, user_id, campaign_id)
SETTINGS non_replicated_deduplication_window = {dedup_window_blocks:UInt32};

CREATE TABLE IF NOT EXISTS closed_epochs
(
    epoch        UInt64,
    is_rewriting Bool,
    began_at     DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = MergeTree
ORDER BY epoch
SETTINGS non_replicated_deduplication_window = {dedup_window_blocks:UInt32};
