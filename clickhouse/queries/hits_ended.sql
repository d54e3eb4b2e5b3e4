-- answers: how many hits made since a moment have ended, stored in the log or dropped, and why; and how many of either retention has deleted
-- parameters: first_id (the smallest UUIDv7 of the moment: an id holds the millisecond of its hit in front)
-- one row is: one ending with its hits, of the whole installation: stored, deleted, or the reason of the drop; or `deleting`: deletions under way, whose hits may be in none of them
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
    UNION ALL
    SELECT 'deleted' AS ending, toInt64(events + drops) AS hits
    FROM deleted_hits FINAL
    WHERE since_ms >= toUInt64(bitShiftRight(toUInt128({first_id:UUID}), 80)) AND events + drops > 0
    UNION ALL
    SELECT 'deleting' AS ending, toInt64(1) AS hits
    FROM deletions FINAL
    WHERE name NOT IN (SELECT name FROM deleted_hits)
)
GROUP BY ending
ORDER BY ending;
