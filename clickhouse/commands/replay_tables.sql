-- What each distinct request of the log was judged to be: what a replay remembers of its work when it is stopped.
CREATE TABLE IF NOT EXISTS verdicts
(
    key           FixedString(16),
    open_class    LowCardinality(String),
    confidence    Float32,
    reasons       Array(LowCardinality(String)),
    device        LowCardinality(String),
    is_mail_proxy Bool
)
ENGINE = ReplacingMergeTree
ORDER BY key;

-- How far each month is; the newest row holds. state: filling, done, swapping, swapped.
CREATE TABLE IF NOT EXISTS progress
(
    month  UInt32,
    state  LowCardinality(String),
    parts  UInt64,
    number UInt64
)
ENGINE = MergeTree
ORDER BY (month, number);

-- What the shadow was made for: its one row is written when all of its tables exist.
CREATE TABLE IF NOT EXISTS made_for
(
    definition String
)
ENGINE = MergeTree
ORDER BY definition;
