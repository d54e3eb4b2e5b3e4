"""Pixel collector: answers the GIF, keeps the hit."""
