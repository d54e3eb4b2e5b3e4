"""The one block a start ends with: where to go, what to try, how to stop."""

from collections.abc import Mapping

from app.embedded.plan import Plan

_RULE = "─" * 76


def lines(plan: Plan, people: Mapping[str, str]) -> list[str]:
    """Return the lines of the block; each address stands alone on its line, so that it can be clicked or copied."""
    public, data = plan.env["PUBLIC_URL"], plan.data.root
    minutes = plan.env.get("SIGNIN_LINK_MINUTES", "60")
    return [
        "",
        _RULE,
        f"  Heliograph is running at {public}",
        "",
        f"  Sign in (this link works once, for {minutes} minutes):",
        f"    {people['signin_url']}",
        "",
        "  Your pixel:",
        f"    {people['user_pixel_url']}",
        "",
        "  Try this: sign in, open the pixel in another tab, and watch the number move.",
        "  More:     heliograph demo      50 people, 90 days of opens",
        '            heliograph sql       look inside: heliograph sql "SELECT count() FROM events"',
        "            heliograph verify    recount every number from the log",
        "",
        f"  Everything is kept in {data}. Stop with Ctrl-C.",
        _RULE,
        "",
    ]
