"""What the operator told us about networks: own offices, mail scanners, mail proxies (`KNOWN_NETWORKS`)."""

from app.classification.model import Request, Rule, Verdict

_BY_PREFIX = {
    "office": Verdict("self", 0.99, ("network_own_office",)),
    "scanner": Verdict("scanner", 0.95, ("network_scanner",)),
    "proxy": Verdict("image_proxy", 0.9, ("network_mail_proxy",)),
}


def _judge(request: Request) -> Verdict | None:
    """Judge by the part of a network's name before the first `-`: `office-riyadh` is an `office`."""
    for name in request.networks:
        verdict = _BY_PREFIX.get(name.partition("-")[0])
        if verdict is not None:
            return verdict
    return None


RULE = Rule(
    "operator_networks",
    _judge,
    {
        "network_own_office": "The address is one of the organisation's own offices (KNOWN_NETWORKS office=…).",
        "network_scanner": "The operator listed this network as a scanner's (KNOWN_NETWORKS scanner=…).",
        "network_mail_proxy": "The operator listed this network as a mail proxy's (KNOWN_NETWORKS proxy=…).",
    },
)
