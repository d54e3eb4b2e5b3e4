"""Judging history anew beside the live data: `heliograph replay`."""
