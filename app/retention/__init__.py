"""Retention (SPEC H14): what an organisation keeps no longer is deleted, once a day."""
