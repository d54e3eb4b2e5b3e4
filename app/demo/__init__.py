"""Demo data: fifty people, ninety days of believable opens and some campaigns, through the stream like others."""
