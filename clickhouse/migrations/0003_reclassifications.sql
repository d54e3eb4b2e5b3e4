-- A later event about a visitor's day: rules that look across hits found that it was no person. It corrects and never
-- changes: the opens keep the class they were given, and queries leave out the human opens of the visitors named here.
-- A visitor's id lives for one UTC day, so one row says it of all the opens of that visitor, also of those that come later.
CREATE TABLE IF NOT EXISTS reclassifications
(
    id              UUID,
    at              DateTime64(3, 'UTC'),
    organisation_id UUID,
    open_date       Date,
    visitor         FixedString(16),
    open_class      LowCardinality(String),
    confidence      Float32,
    reasons         Array(LowCardinality(String)),
    rule            LowCardinality(String),
    ruleset         UInt16,
    tokens          UInt32,
    opens           UInt32,
    decided_at      DateTime64(3, 'UTC'),
    block           String CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (organisation_id, open_date, visitor)
SETTINGS non_replicated_deduplication_window = {dedup_window_blocks:UInt32};

-- Whose token ended, where it is known: the hits of rotated tokens are shown with the person, those of campaigns that
-- are not active with the campaign.
ALTER TABLE drops ADD COLUMN IF NOT EXISTS user_id Nullable(UUID) AFTER organisation_id;
ALTER TABLE drops ADD COLUMN IF NOT EXISTS campaign_id Nullable(UUID) AFTER user_id;
