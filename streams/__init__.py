"""The stream processors: Faust agents that enrich, de-duplicate and store events."""
