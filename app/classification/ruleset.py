"""The rulesets by number. The newest judges new hits; older ones stay runnable, so that history can be compared.

A published ruleset is never edited: a change is a new folder beside `v1` that imports what stays the same. The bot
lists are the installed versions of their packages, so pin those too where a judgement must be repeatable to the letter.
"""

from app.classification.model import Ruleset
from app.classification.v1 import (
    browsers,
    crawlers,
    image_proxies,
    link_previews,
    mail_clients,
    operator_networks,
    prefetch,
    scanners,
    scripts,
    shape,
    timing,
)
from app.classification.v1.device import device_of

RULESET = 1

RULESETS: dict[int, Ruleset] = {
    1: Ruleset(
        number=1,
        rules=(
            operator_networks.RULE,  # what the operator knows beats what a user agent claims
            prefetch.REQUEST,  # HEAD, Purpose: prefetch
            prefetch.BARE_AGENT,  # Apple Mail Privacy Protection, Gmail's prefetch
            image_proxies.RULE,
            mail_clients.RULE,  # before anything that looks for bots: bot lists call Outlook a bot
            browsers.PLAIN,  # every word of it is a known browser's: no list needs asking
            scanners.RULE,
            link_previews.RULE,
            crawlers.SITE_CHECKS,  # monitors, validators
            crawlers.SAYS_SO,  # bot, spider, feed reader
            scripts.RULE,
            browsers.IN_APP,  # before the lists: they call some applications' browsers bots
            crawlers.LISTED,  # crawler-user-agents
            crawlers.CONTACT,
            shape.NOT_A_BROWSER,
            crawlers.LOOKS_LIKE,  # is-bot
            shape.BROWSER,  # what is left is a person
        ),
        timing=(timing.RULE,),
        device=device_of,
    ),
}
