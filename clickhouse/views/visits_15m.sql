-- one row is: the opens of one visitor on one person's signature in 15 minutes (UTC) of one kind, campaign (zeros: none)
-- and class; time first. For questions about little time and many people: an organisation's open day, or what one visitor
-- did everywhere in the last hour. The granules are small, because an organisation has few rows in each quarter of an hour.
CREATE TABLE visits_15m
(
    bucket_at       DateTime('UTC'),
    organisation_id UUID,
    user_id         UUID,
    tracking        LowCardinality(String),
    campaign_id     UUID,
    open_class      LowCardinality(String),
    is_rate_limited Bool,
    visitor         FixedString(16),
    opens           SimpleAggregateFunction(sum, UInt64)
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(bucket_at)
PRIMARY KEY (bucket_at, organisation_id)
ORDER BY (bucket_at, organisation_id, user_id, tracking, campaign_id, open_class, is_rate_limited, visitor)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = {dedup_window_blocks:UInt32};

CREATE MATERIALIZED VIEW visits_15m_mv TO visits_15m AS
SELECT
    toStartOfFifteenMinutes(at) AS bucket_at,
    organisation_id,
    user_id,
    tracking,
    ifNull(campaign_id, toUUID('00000000-0000-0000-0000-000000000000')) AS campaign_id,
    open_class,
    is_rate_limited,
    visitor,
    count() AS opens
FROM events
WHERE type = 'signature_opened'
GROUP BY bucket_at, organisation_id, user_id, tracking, campaign_id, open_class, is_rate_limited, visitor;
