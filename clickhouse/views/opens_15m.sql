-- one row is: the opens of one person's signature in 15 minutes (UTC) of one kind, class, device, and the visitors
-- behind them. 15 minutes, because every time zone's midnight falls on such a boundary.
CREATE TABLE opens_15m
(
    organisation_id UUID,
    user_id         UUID,
    bucket_at       DateTime('UTC'),
    tracking        LowCardinality(String),
    open_class      LowCardinality(String),
    device          LowCardinality(String),
    is_rate_limited Bool,
    opens           SimpleAggregateFunction(sum, UInt64),
    visitors        AggregateFunction(uniqExact, FixedString(16))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(bucket_at)
ORDER BY (organisation_id, user_id, bucket_at, tracking, open_class, device, is_rate_limited)
SETTINGS non_replicated_deduplication_window = {dedup_window_blocks:UInt32};

CREATE MATERIALIZED VIEW opens_15m_mv TO opens_15m AS
SELECT
    organisation_id,
    user_id,
    toStartOfFifteenMinutes(at) AS bucket_at,
    tracking,
    open_class,
    device,
    is_rate_limited,
    count() AS opens,
    uniqExactState(visitor) AS visitors
FROM events
WHERE type = 'signature_opened'
GROUP BY organisation_id, user_id, bucket_at, tracking, open_class, device, is_rate_limited;
