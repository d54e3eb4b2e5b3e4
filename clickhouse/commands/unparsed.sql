-- Which of {statements:Array(String)} do not parse, counted from 1; needs neither their tables nor their parameters.
SELECT position
FROM (
    SELECT
        arrayJoin(arrayEnumerate({statements:Array(String)})) AS position,
        {statements:Array(String)}[position] AS statement
)
WHERE formatQueryOrNull(statement) IS NULL
ORDER BY position;
