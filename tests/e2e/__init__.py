"""The interface: its own checks, and the product in a real browser."""
