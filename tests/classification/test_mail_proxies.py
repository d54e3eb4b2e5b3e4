"""Mail providers' servers are exempt from the limit of an address; nobody else is."""

import pytest

from app.classification.classifier import classify
from app.classification.mail_proxies import is_mail_proxy
from app.classification.model import HitFacts

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
)


@pytest.mark.parametrize(
    ("hit", "is_exempt"),
    [
        (HitFacts("Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"), True),
        (HitFacts("Mozilla/5.0"), True),
        (HitFacts(f"{CHROME} Mozilla/5.0"), True),
        (HitFacts(CHROME, networks=("google",)), True),
        (HitFacts(CHROME, networks=("apple",)), True),
        (HitFacts(CHROME, networks=("proxy-mimecast",)), True),
        (HitFacts(CHROME), False),
        (HitFacts(CHROME, networks=("office-riyadh",)), False),
        (HitFacts(CHROME, method="HEAD"), False),
        (HitFacts(CHROME, purpose="prefetch"), False),
        (HitFacts("curl/8.0"), False),
    ],
)
def test_a_mail_provider_is_known_by_class_agent_or_network(hit: HitFacts, is_exempt: bool) -> None:
    assert is_mail_proxy(classify(hit), hit.networks) is is_exempt
