"""The rules of ruleset 1, one kind per file; their order is in `app/classification/ruleset.py`.

Sources of the facts are named where they are used: a vendor's page, traffic seen, or a public list.
"""
