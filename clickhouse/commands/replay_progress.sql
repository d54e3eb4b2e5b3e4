-- How far each month is.
SELECT
    month,
    argMax(state, number) AS state,
    argMax(parts, number) AS parts,
    max(number) AS last_number
FROM progress
GROUP BY month
ORDER BY month;
