-- How many events of the benchmark's log are there.
SELECT count() AS events, (SELECT count() FROM reclassifications) AS corrections FROM events;
