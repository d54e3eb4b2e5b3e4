"""Relational store: engine, session, models' base, Alembic migrations."""
