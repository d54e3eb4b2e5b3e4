"""The named steps of enrichment, one file per subject; their order lives in `streams.enrich` alone."""
