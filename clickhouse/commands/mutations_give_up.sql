-- Gives up everything that is being deleted or rewritten in the background. What is done of it stays done.
KILL MUTATION WHERE database = currentDatabase() AND NOT is_done SYNC;
