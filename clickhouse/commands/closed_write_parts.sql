-- Makes known what was counted under {revision:UInt64}: how many opens it was, and beside how many corrections, for each organisation.
INSERT INTO closed_parts
SELECT
    organisation_id,
    {from_at:DateTime64(3, 'UTC')} AS from_at,
    {until_at:DateTime64(3, 'UTC')} AS until_at,
    {revision:UInt64} AS revision,
    {epoch:UInt64} AS epoch,
    sum(counted) AS hits,
    max(corrections) AS reclassifications
FROM
(
    SELECT asked.1 AS organisation_id, 0 AS counted, asked.2 AS corrections
    FROM (SELECT arrayJoin(arrayZip({organisations:Array(UUID)}, {corrections:Array(UInt64)})) AS asked)

    UNION ALL

    SELECT organisation_id, hits AS counted, 0 AS corrections
    FROM closed_opens
    WHERE from_at = {from_at:DateTime64(3, 'UTC')} AND revision = {revision:UInt64}
)
GROUP BY organisation_id;
