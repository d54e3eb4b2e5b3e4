-- What retention was asked to delete: written before ClickHouse is asked, so that a deletion that was killed is known. `name` is
-- that of its clone of the log.
CREATE TABLE IF NOT EXISTS deletions
(
    name            String,
    organisation_id UUID,
    from_at         DateTime64(3, 'UTC'),
    until_at        DateTime64(3, 'UTC'),
    asked_at        DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree
ORDER BY name
SETTINGS non_replicated_deduplication_window = {dedup_window_blocks:UInt32};

-- How many hits a deletion has taken from the log, so that what collectors accepted can be accounted for when they are gone: counts
-- alone, of nobody. They are cut where runs of collectors began, because a run's hits are counted from its beginning. Written once,
-- when all of them are gone; at least one row for each deletion.
CREATE TABLE IF NOT EXISTS deleted_hits
(
    name     String,
    since_ms UInt64,
    events   UInt64,
    drops    UInt64
)
ENGINE = ReplacingMergeTree
ORDER BY (name, since_ms)
SETTINGS non_replicated_deduplication_window = {dedup_window_blocks:UInt32};
