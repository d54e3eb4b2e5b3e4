-- By blocks: what the shadow's month {month:UInt32} lacks, and what of it is no longer what the log holds. Derived columns may differ.
SELECT
    countIf(shadow_rows = 0) AS missing_blocks,
    sumIf(source_rows, shadow_rows = 0) AS missing_rows,
    countIf(shadow_rows != 0 AND (shadow_rows != source_rows OR shadow_content != source_content)) AS stale_blocks
FROM
(
    SELECT
        countIf(is_source) AS source_rows,
        countIf(NOT is_source) AS shadow_rows,
        sumIf(content, is_source) AS source_content,
        sumIf(content, NOT is_source) AS shadow_content
    FROM
    (
        SELECT
            true AS is_source,
            block,
            cityHash64(* EXCEPT (open_class, confidence, reasons, device, ruleset, is_rate_limited, payload)) AS content
        FROM source
        WHERE toYYYYMM(at) = {month:UInt32}

        UNION ALL

        SELECT
            false AS is_source,
            block,
            cityHash64(* EXCEPT (open_class, confidence, reasons, device, ruleset, is_rate_limited, payload)) AS content
        FROM events
        WHERE toYYYYMM(at) = {month:UInt32}
    )
    GROUP BY cityHash64(block)
);
