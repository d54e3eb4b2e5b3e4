-- The log as it is at this moment, by hard links: what is judged and filled in is of one moment.
CREATE TABLE source CLONE AS {live:Identifier}.events;
