-- Whom the events of the benchmark are about: an event's number is hashed to a slot, and weighty people have many slots.
CREATE TABLE scale_slots
(
    slot              UInt32,
    organisation      UInt16,
    organisation_id   UUID,
    user_id           UUID,
    token             String,
    visitors_of_a_day UInt32
)
ENGINE = MergeTree
ORDER BY slot;
