"""Signature templates: edited by administrators, rendered for each person with their pixels (SPEC H15)."""
