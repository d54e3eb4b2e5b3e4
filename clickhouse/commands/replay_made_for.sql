-- What the shadow was made for; no row if it is not complete.
SELECT definition FROM made_for;
