"""Addresses of the pixels that signatures carry."""


def pixel_url(collector_public_url: str, token: str) -> str:
    """Return the address of a user's pixel."""
    return f"{collector_public_url}/api/t/u/{token}.gif"


def campaign_pixel_url(collector_public_url: str, token: str) -> str:
    """Return the address of a person's pixel in a campaign."""
    return f"{collector_public_url}/api/t/p/{token}.gif"
