-- one row is: the opens of one organisation in 15 minutes (UTC) of one kind and class. Without persons and visitors,
-- because with them the view is as large as the log and slower than it (DESIGN §5).
CREATE TABLE organisation_opens_15m
(
    organisation_id UUID,
    bucket_at       DateTime('UTC'),
    tracking        LowCardinality(String),
    open_class      LowCardinality(String),
    is_rate_limited Bool,
    opens           SimpleAggregateFunction(sum, UInt64)
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(bucket_at)
ORDER BY (organisation_id, bucket_at, tracking, open_class, is_rate_limited)
SETTINGS non_replicated_deduplication_window = {dedup_window_blocks:UInt32};

CREATE MATERIALIZED VIEW organisation_opens_15m_mv TO organisation_opens_15m AS
SELECT
    organisation_id,
    toStartOfFifteenMinutes(at) AS bucket_at,
    tracking,
    open_class,
    is_rate_limited,
    count() AS opens
FROM events
WHERE type = 'signature_opened'
GROUP BY organisation_id, bucket_at, tracking, open_class, is_rate_limited;
