"""Who changed what: people, settings, keys, deletions."""
