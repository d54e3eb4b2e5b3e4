"""The topics, by name and purpose."""

RAW = "events.raw"
"""Frames of raw events, made by a collector from its spool. Key: none; partition: by place in the spool."""

CLEAN = "events.clean"
"""Frames of enriched events, one for each raw frame, on the same partition number."""

RECEIPTS = "spool.receipts"
"""What the store has stored of each spool. Key: the source; value: see `schemas.receipts`. One partition."""

DEAD = "events.dead"
"""What could not be parsed: raw bytes as value, stage and reason as headers."""

PARTITIONED = (RAW, CLEAN)
"""Topics with as many partitions as the settings say; the others have one."""

SINGLE = (RECEIPTS, DEAD)

MAX_VALUE_BYTES = 1000 * 1024
"""Largest value we mean to write: what Kafka takes of a topic if nobody told it otherwise (`message.max.bytes`,
1,048,588), with 24 kB to spare for heads, headers and what enrichment adds to an event."""
