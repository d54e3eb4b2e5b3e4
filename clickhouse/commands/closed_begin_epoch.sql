-- From now on what was counted of closed days before is void: views are about to be rewritten, or were.
INSERT INTO closed_epochs (epoch, is_rewriting) SELECT 1 + max(epoch), {is_rewriting:Bool} FROM closed_epochs;
