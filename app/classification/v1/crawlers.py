"""Crawlers, monitors, feed readers: by their own words, by the list crawler-user-agents, by the heuristics of is-bot."""

from crawleruseragents import CRAWLER_USER_AGENTS_DATA
from is_bot import Bots
from ua_parser_rs import UserAgentExtractor

from app.classification.model import Request, Rule, Verdict
from app.classification.tokens import Token, first_look, token_rule
from schemas.events import OpenClass

SITE_CHECKS = token_rule(
    "site_checks",
    "crawler",
    0.95,
    (
        Token(
            "crawler_monitor",
            r"uptime|pingdom|statuscake|site24x7|healthcheck|health[- ]check|monitor(?:ing|is|s)?\b|\bpagespeed|lighthouse|gtmetrix|\bPTST|webpagetest|datadog|newrelic|catchpoint|dynatrace|ruxit|\bprobe\b|validat(?:or|ion)\b|\bDCV\b|link ?check|checker\b|checklink|\baudit|inspect(?:or|ion)\b|(?:http|web)agent\b|\w-Google\b|^Google-(?!HTTP)[A-Z]|^Cloudflare[- ]|^(?:Prometheus|Grafana|collectd|munin|Zabbix|Nagios|Matomo)\b|\bcheck_http|^GoogleHC\b|survey\b|\bdetector\b|\bsynthetic",
            "It names itself a monitor or checker of sites.",
        ),
    ),
    are_stems=True,
)

_NAMED = token_rule(
    "crawlers",
    "crawler",
    0.95,
    (
        Token(
            "crawler_named",
            r"(?<!cu)bots?(?![a-z])|(?<!cu)bot[/_\d]|crawl|spider|slurp|scrap(?:e|ing)|\bfetcher\b|archiver|heritrix|nutch\b|\bindexer\b|harvest|"
            r"\brobot|mediapartners|\bworm\b|sniffer|extractor|\bsiteimprove|\bgrapeshot|\bcopier\b|\bwebmon",
            "It names itself a bot, crawler or spider.",
        ),
        Token(
            "crawler_feed",
            r"\bfeed(?:ly|bin|burner|fetch|parser|demon|reader|er|press|spot|wrangler|validator)?\b|feed(?:fetcher|parser|reader|demon|dler|burner)|\brss|\batom\b.*reader|newsblur|inoreader|theoldreader|netvibes|bazqux|freshrss|simplepie|\bflipboard\b|miniflux|netnewswire|liferea|akregator|newsbeuter|newsboat|quiterss|reedr?er/|\bPodcast|gPodder|\bOvercast/|\bPocketCasts",
            "It names itself a feed reader.",
        ),
        Token(
            "crawler_ai",
            r"\bGPT|ChatGPT|OpenAI|Anthropic|\bClaude|Perplexity|Mistral ?AI|cohere-|\bGemini-|Google-Extended|Bytespider|DeepSeek|\bGrok|\bmeta-external(?:agent|ads)|\bKimi-|-User/\d|\bAI2|Diffbot|\bDevin/|Manus-User|NovaAct|GoogleAgent|Google-Agent",
            "It names itself an AI service.",
        ),
    ),
    are_stems=True,
)

CONTACT = token_rule(
    "crawler_contact",
    "crawler",
    0.9,
    (
        Token(
            "crawler_contact",
            r"\+?https?://|\+?mailto:|\bwww\.[\w-]+\.\w|[\w+-]@[\w-]{1,63}\.[a-z]{2,}|\[at\]",
            "It leaves an address for webmasters; browsers and mail programs do not.",
        ),
    ),
    are_stems=True,
)

_BY_TAG: dict[str, OpenClass] = {
    "http-library": "script",
    "browser-automation": "script",
    "social-preview": "link_preview",
    "scanner": "scanner",
}
"""Classes of the list's tags; every other tag is a crawler's."""

_LIST_ERRORS = frozenset({r"AP3A\.240617\.008", "MetaIAB Facebook", "Fluid", r"Code\/1\.", r"Trae\/"})
"""Rows that people match: an Android build, Facebook's in-app browser, a site-specific browser, editors on Electron."""


def _verdict(tags: list[str]) -> Verdict:
    tag = tags[0] if tags else "crawler"
    code = "list_" + tag.replace("-", "_")
    return Verdict(_BY_TAG.get(tag, "crawler"), 0.95, (code,))


_ROWS = [row for row in CRAWLER_USER_AGENTS_DATA if row["pattern"] not in _LIST_ERRORS]
_VERDICTS = [_verdict(row.get("tags", [])) for row in _ROWS]
_MORE_THAN_A_BOT = frozenset({"link_preview", "scanner"})
# ua-parser's engine matches the 1,500 patterns in one pass, 50 times as fast as the list's own function.
_LIST = UserAgentExtractor([(row["pattern"], str(index), None, None, None, None) for index, row in enumerate(_ROWS)])


def _listed(request: Request) -> Verdict | None:
    found = _LIST.extract(request.words)
    return _VERDICTS[int(found.family)] if found else None


def _says_so(request: Request) -> Verdict | None:
    """Judge by its own words; a name such as `…Bot` says little, so the list may say that it scans or draws previews."""
    verdict = _NAMED.judge(request)
    listed = _listed(request) if verdict else None
    return listed if listed and listed.open_class in _MORE_THAN_A_BOT else verdict


SAYS_SO = Rule("crawlers", _says_so, _NAMED.says)


LISTED = Rule(
    "crawler_user_agents",
    _listed,
    {
        code: f"On the public list crawler-user-agents, under {code.removeprefix('list_').replace('_', ' ')}."
        for code in sorted({verdict.reasons[0] for verdict in _VERDICTS})
    },
)

_IS_BOT = Bots()
# browsers' extensions and pages append `| Type: xmlhttprequest`: a word that has `http` in it, and a bar before it
_IS_BOT.exclude([r"\|", "(?<!lib)http"])
_IS_BOT.extend(["(?<!lib)(?<!xml)http"])
_MAY_LOOK_LIKE = first_look("|".join(sorted(_IS_BOT.patterns)))
_LOOKS_LIKE = Verdict("crawler", 0.7, ("looks_like_a_bot",))


def _looks_like(request: Request) -> Verdict | None:
    return _LOOKS_LIKE if _MAY_LOOK_LIKE(request.words) and _IS_BOT.is_bot(request.words) else None


LOOKS_LIKE = Rule(
    "is_bot", _looks_like, {"looks_like_a_bot": "The heuristics of is-bot find something no browser would say."}
)
