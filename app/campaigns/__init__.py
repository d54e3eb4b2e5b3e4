"""Campaigns: a second pixel for a while, compared with the same people's everyday opens (SPEC H2, H19)."""
