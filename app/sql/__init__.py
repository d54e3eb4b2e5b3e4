"""Ad-hoc SQL: somebody's own query, read-only and within limits."""
