-- What the collector saw: this address had asked for this token too often in this minute. A source column, from which
-- is_rate_limited is derived once the class is known, because mail proxies are exempt.
ALTER TABLE events ADD COLUMN IF NOT EXISTS is_over_limit Bool DEFAULT false AFTER ruleset;
