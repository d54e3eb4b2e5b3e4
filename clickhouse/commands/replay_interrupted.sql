-- Months whose swap was begun and not ended: the log may be new there and a view old.
SELECT month
FROM progress
GROUP BY month
HAVING maxIf(number, state = 'swapping') > maxIf(number, state = 'swapped')
ORDER BY month;
