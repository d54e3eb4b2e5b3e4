"""The product: collector, API, launcher, and everything a person touches."""
