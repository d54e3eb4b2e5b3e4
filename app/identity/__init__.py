"""Organisations, people, sign-in, sessions, API keys."""
