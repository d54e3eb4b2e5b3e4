"""Importing people from a CSV file, as it comes in: decode, cut into records, check, plan, write in chunks."""
