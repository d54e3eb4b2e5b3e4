-- Notes that rows of an organisation between two moments are going to be deleted.
INSERT INTO deletions (name, organisation_id, from_at, until_at)
SELECT {name:String}, {organisation_id:UUID}, {from_at:DateTime64(3, 'UTC')}, {until_at:DateTime64(3, 'UTC')};
