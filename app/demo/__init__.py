"""Demo data: fifty people and ninety days of believable opens, sent through the stream like any others."""
