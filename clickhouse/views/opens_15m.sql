-- one row is: the opens of one visitor on one person's signature in 15 minutes (UTC) of one kind, campaign (zeros: none),
-- class and device; persons first. 15 minutes, because every time zone's midnight falls on such a boundary. A row for each
-- visitor and no state of many: the view is as large as the log either way, and plain columns are read faster. A question reads a few
-- granules and nearly all of their columns, so all columns lie in one file: opening nine of them costs more than reading.
CREATE TABLE opens_15m
(
    organisation_id UUID,
    user_id         UUID,
    bucket_at       DateTime('UTC'),
    tracking        LowCardinality(String),
    campaign_id     UUID,
    open_class      LowCardinality(String),
    device          LowCardinality(String),
    is_rate_limited Bool,
    visitor         FixedString(16),
    opens           SimpleAggregateFunction(sum, UInt64),
    last_at         SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(bucket_at)
PRIMARY KEY (organisation_id, user_id, bucket_at)
ORDER BY (organisation_id, user_id, bucket_at, tracking, campaign_id, open_class, device, is_rate_limited, visitor)
SETTINGS
    index_granularity = 2048,
    min_rows_for_wide_part = 1000000000000,
    min_bytes_for_wide_part = 1000000000000,
    non_replicated_deduplication_window = {dedup_window_blocks:UInt32};

CREATE MATERIALIZED VIEW opens_15m_mv TO opens_15m AS
SELECT
    organisation_id,
    user_id,
    toStartOfFifteenMinutes(at) AS bucket_at,
    tracking,
    ifNull(campaign_id, toUUID('00000000-0000-0000-0000-000000000000')) AS campaign_id,
    open_class,
    device,
    is_rate_limited,
    visitor,
    count() AS opens,
    max(at) AS last_at
FROM events
WHERE type = 'signature_opened'
GROUP BY organisation_id, user_id, bucket_at, tracking, campaign_id, open_class, device, is_rate_limited, visitor;
