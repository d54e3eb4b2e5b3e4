-- What is being deleted or rewritten in the background, and why it does not succeed (empty: it does, or has not been tried).
SELECT table, latest_fail_reason AS why
FROM system.mutations
WHERE database = currentDatabase() AND NOT is_done
ORDER BY table, mutation_id;
