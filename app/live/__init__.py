"""Live counters over server-sent events."""
