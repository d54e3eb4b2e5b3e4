-- answers: which of some visitors were found to be no person, and what they are
-- parameters: organisation_id, dates (UTC days), visitors (ids in upper-case hex)
-- one row is: one visitor, whose id is of one UTC day, with the last decision about it
SELECT
    visitor,
    argMax((toString(open_class), reasons, confidence), (decided_at, id)) AS correction
FROM reclassifications
WHERE organisation_id = {organisation_id:UUID}
    AND open_date IN {dates:Array(Date)}
    AND hex(visitor) IN {visitors:Array(String)}
GROUP BY visitor;
