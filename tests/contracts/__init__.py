"""One suite of cases for each contract, run against every implementation of it."""
