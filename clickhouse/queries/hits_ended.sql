-- answers: how many hits made since a moment have ended, stored in the log or dropped, and why
-- parameters: first_id (the smallest UUIDv7 of the moment: an id holds the millisecond of its hit in front)
-- one row is: one ending with its hits, of the whole installation: stored, or the reason of the drop
SELECT
    ending,
    sum(hits) AS hits
FROM
(
    SELECT 'stored' AS ending, toInt64(count()) AS hits
    FROM event_ids
    WHERE key >= toUInt128({first_id:UUID})
    UNION ALL
    SELECT 'stored' AS ending, -toInt64(count()) AS hits
    FROM drops
    WHERE toUInt128(id) >= toUInt128({first_id:UUID})
    UNION ALL
    SELECT 'stored' AS ending, -toInt64(count()) AS hits
    FROM reclassifications
    WHERE toUInt128(id) >= toUInt128({first_id:UUID})
    UNION ALL
    SELECT toString(reason) AS ending, toInt64(count()) AS hits
    FROM drops
    WHERE toUInt128(id) >= toUInt128({first_id:UUID})
    GROUP BY reason
)
GROUP BY ending
ORDER BY ending;
