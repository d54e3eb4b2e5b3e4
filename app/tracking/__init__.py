"""Signature tracking: tokens, settings, statistics of opens."""
