"""The topics, by name and purpose."""

RAW = "events.raw"
"""Frames of raw events, made by a collector from its spool. Key: none; partition: by place in the spool."""

CLEAN = "events.clean"
"""Frames of enriched events, one for each raw frame, on the same partition number."""

DEAD = "events.dead"
"""What could not be parsed: raw bytes as value, stage and reason as headers."""

ALL = (RAW, CLEAN, DEAD)
