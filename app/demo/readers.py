"""Who receives the demo's mail, and by what it is loaded: programs, proxies, privacy protection, gateways, robots."""

import random
from typing import NamedTuple

_BLINK = "AppleWebKit/537.36 (KHTML, like Gecko)"
_VIEW = f"{_BLINK} Version/4.0 Chrome/140.0.0.0 Mobile Safari/537.36"
_WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"

GMAIL = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
GMAIL_PREFETCH = (
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_BLINK} Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0"
)
YAHOO = "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html"
APPLE_PRIVACY = "Mozilla/5.0"

_DIRECT = (
    (20, "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17328; Pro)"),
    (8, "Mozilla/4.0 (compatible; ms-office; MSOffice 16)"),
    (12, f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_BLINK} Chrome/141.0.0.0 Safari/537.36"),
    (5, f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_BLINK} Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0"),
    (6, f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_WEBKIT}"),
    (3, "Microsoft Office Outlook/16.100.824 (Mac OS/15.6.1; Desktop; en-US; NonAppStore; Apple/Mac16,7)"),
    (3, "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Thunderbird/140.3.0"),
    (12, f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) {_WEBKIT} Mobile/15E148"),
    (6, "Outlook-iOS/723.4027091.prod.iphone (4.2335.1)"),
    (5, "Outlook-Android/2.0"),
    (7, f"Mozilla/5.0 (Linux; Android 15; Pixel 9 Build/AP4A; wv) {_VIEW}"),
    (4, f"Mozilla/5.0 (Linux; Android 14; SM-A546B Build/UP1A; wv) {_VIEW}"),
    (5, f"Mozilla/5.0 (iPad; CPU OS 18_4 like Mac OS X) {_WEBKIT} Mobile/15E148"),
    (2, f"Mozilla/5.0 (Linux; Android 14; SM-X710) {_BLINK} Chrome/140.0.0.0 Safari/537.36"),
)  # fmt: skip
GATEWAYS = ("Barracuda Sentinel (EE)", "Mimecast", "Mozilla/5.0 (compatible; proofpoint)")
ROBOTS = (
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "WhatsApp/2.23.20.0 A",
    "Mozilla/5.0 (compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)",
    "CCBot/2.0 (https://commoncrawl.org/faq/)",
    "python-requests/2.32.3",
    "curl/8.14.1",
)
_COUNTRIES = (
    ("SA", 22), ("AE", 12), ("EG", 7), ("GB", 12), ("DE", 12), ("US", 14), ("IN", 8), ("SG", 5), ("BR", 5), ("NG", 3),
)  # fmt: skip


class Reader(NamedTuple):
    """Somebody who gets mail. `how` is direct, gmail, yahoo or apple_privacy; `address` is made up and never leaves."""

    how: str
    agent: str
    country: str
    address: str
    gateway: str
    """User agent of the gateway that checks this reader's mail first, or empty."""


def make_readers(rng: random.Random, count: int) -> list[Reader]:
    """Return the people one colleague writes to."""
    return [_reader(rng) for _ in range(count)]


def _reader(rng: random.Random) -> Reader:
    how = rng.choices(("direct", "gmail", "apple_privacy", "yahoo"), (62, 22, 13, 3))[0]
    country = rng.choices([code for code, _ in _COUNTRIES], [weight for _, weight in _COUNTRIES])[0]
    agent = {
        "direct": rng.choices([agent for _, agent in _DIRECT], [weight for weight, _ in _DIRECT])[0],
        "gmail": GMAIL,
        "yahoo": YAHOO,
        "apple_privacy": APPLE_PRIVACY,
    }[how]
    gateway = rng.choice(GATEWAYS) if how == "direct" and rng.random() < 0.12 else ""
    return Reader(how, agent, country, f"demo-{rng.getrandbits(64):016x}", gateway)
