"""Judges every hit: person, proxy or machine, with confidence, reasons and the number of the ruleset that said so.

`classifier.classify` is the door; `networks.NetworkTable` is what the collector uses. This file imports neither, so
that the collector does not load the bot lists.
"""
