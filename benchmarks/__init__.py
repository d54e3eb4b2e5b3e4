"""What the product can do, measured beside something comparable in the same run: `make bench`."""
