-- finds: corrected visitors without the opens they were found by, or of another day than they say
-- by: month
-- one row is: one correction
SELECT
    concat(toString(r.organisation_id), ' ', toString(r.open_date), ' ', lower(hex(r.visitor)), ' ', r.rule) AS key,
    concat(toString(r.opens), ' opens of ', toString(r.tokens), ' people on ', toString(toDate(r.at)), ', or more') AS expected,
    concat(toString(e.opens), ' opens of ', toString(e.people), ' people on ', toString(r.open_date)) AS found
FROM reclassifications AS r
LEFT JOIN
(
    SELECT
        organisation_id,
        toDate(at) AS open_date,
        visitor,
        count() AS opens,
        uniqExact(user_id) AS people
    FROM events
    WHERE toYYYYMM(at) = {month:UInt32}
        AND type = 'signature_opened'
        AND visitor IN (SELECT visitor FROM reclassifications WHERE toYYYYMM(at) = {month:UInt32})
    GROUP BY organisation_id, open_date, visitor
) AS e USING (organisation_id, open_date, visitor)
WHERE toYYYYMM(r.at) = {month:UInt32}
    AND (e.opens < r.opens OR e.people < r.tokens OR toDate(r.at) != r.open_date)
ORDER BY key
LIMIT {limit:UInt32};
