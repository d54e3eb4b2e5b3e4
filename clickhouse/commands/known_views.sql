-- The present state of every view the runner has made.
SELECT
    name,
    max(revision) AS last_revision,
    argMax(checksum, revision) AS checksum,
    argMax(is_ready, revision) AS is_ready
FROM schema_views
GROUP BY name
ORDER BY name;
