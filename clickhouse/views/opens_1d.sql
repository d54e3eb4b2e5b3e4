-- one row is: the opens of one person's signature on one UTC day of one kind, class, device, and the visitors behind
-- them. A visitor's id lives for one UTC day, so unique counts of days and of persons add up.
CREATE TABLE opens_1d
(
    organisation_id UUID,
    user_id         UUID,
    open_date       Date,
    tracking        LowCardinality(String),
    open_class      LowCardinality(String),
    device          LowCardinality(String),
    is_rate_limited Bool,
    opens           SimpleAggregateFunction(sum, UInt64),
    visitors        AggregateFunction(uniqExact, FixedString(16))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(open_date)
ORDER BY (organisation_id, user_id, open_date, tracking, open_class, device, is_rate_limited)
SETTINGS non_replicated_deduplication_window = {dedup_window_blocks:UInt32};

CREATE MATERIALIZED VIEW opens_1d_mv TO opens_1d AS
SELECT
    organisation_id,
    user_id,
    toDate(at) AS open_date,
    tracking,
    open_class,
    device,
    is_rate_limited,
    count() AS opens,
    uniqExactState(visitor) AS visitors
FROM events
WHERE type = 'signature_opened'
GROUP BY organisation_id, user_id, open_date, tracking, open_class, device, is_rate_limited;
