-- The log's double: same columns, order and partitions, or months could not be exchanged.
CREATE TABLE events AS {live:Identifier}.events;
