"""What we compare with: nginx answering the same GIF, and a plain FastAPI route that records nothing."""
