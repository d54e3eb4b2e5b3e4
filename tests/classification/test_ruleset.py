"""The ruleset as a whole: order, explanations, versions, limits, and strings nobody expects."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.classification import ruleset, v1
from app.classification.classifier import CACHE_SIZE, Classifier, classifier, classify
from app.classification.model import HitFacts, Request, Ruleset, Verdict
from app.classification.ruleset import RULESET, RULESETS
from schemas.events import COUNTED_CLASSES

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36"
)
GMAIL = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
CLASSES = {"human", "image_proxy", "privacy_prefetch", "scanner", "link_preview", "crawler", "script", "self"}


def test_the_newest_ruleset_is_the_present_one() -> None:
    assert max(RULESETS) == RULESET
    assert all(number == rules.number for number, rules in RULESETS.items())


def test_an_unknown_ruleset_is_refused() -> None:
    with pytest.raises(KeyError):
        classifier(999)


def test_an_older_ruleset_stays_runnable_beside_a_newer_one() -> None:
    everybody = RULESETS[1].rules[-1]
    newer = Classifier(Ruleset(2, (everybody,), (), RULESETS[1].device))
    assert newer.classify(HitFacts("curl/8"))[::4] == ("human", 2)
    assert classifier(1).classify(HitFacts("curl/8"))[::4] == ("script", 1)


def test_every_rule_file_is_in_the_list() -> None:
    listed = Path(str(ruleset.__file__)).read_text()
    files = {path.stem for path in Path(str(v1.__file__)).parent.glob("*.py")} - {"__init__"}
    assert files
    assert [name for name in files if f"{name}." not in listed and f"v1.{name} " not in listed] == []


def test_every_reason_has_a_sentence() -> None:
    for rules in RULESETS.values():
        for code, sentence in rules.sentences().items():
            assert re.fullmatch(r"[a-z0-9_]+", code)
            assert sentence.endswith(".") and len(sentence) < 120


@given(st.text(max_size=300), st.sampled_from(["GET", "HEAD", "POST", ""]), st.text(max_size=30))
def test_any_string_gets_a_known_class_a_confidence_and_reasons_with_sentences(
    agent: str, method: str, purpose: str
) -> None:
    found = classify(HitFacts(agent, method, purpose))
    assert found.open_class in CLASSES and 0 < found.confidence <= 1
    assert found.reasons and set(found.reasons) <= set(RULESETS[RULESET].sentences())
    assert found.is_counted == (found.open_class in COUNTED_CLASSES)


@pytest.mark.parametrize(
    "unit",
    ["a ", "a/", "(", "; ", "Mozilla/5.0 (", "a.b-", "mail", "\x00", "é", "%", "x" * 7 + "@", "Android ; ", "compatible; ", ".NET ", "Chrome/1 "],
)  # fmt: skip
def test_long_repetitions_are_judged_without_backtracking_for_ever(unit: str) -> None:
    agent = (unit * 100_000)[:100_000]
    assert classify(HitFacts(agent)).ruleset == RULESET
    assert classify(HitFacts("Mozilla/5.0 (Linux; Android 1" + agent)).ruleset == RULESET
    assert classify(HitFacts("Dalvik/2.1.0 (Linux; " + agent + "!")).ruleset == RULESET


@pytest.mark.parametrize("around", ["{}", " {} ", '"{}"', "'{}'", "{}\r\n"])
def test_blanks_and_quotes_around_a_user_agent_say_nothing(around: str) -> None:
    assert classify(HitFacts(around.format(CHROME)))[:4] == classify(HitFacts(CHROME))[:4]


def test_a_request_is_judged_once_and_then_remembered() -> None:
    calls: list[Request] = []

    def count(request: Request) -> Verdict:
        calls.append(request)
        return Verdict("human", 0.5, ("browser",))

    rule = RULESETS[1].rules[-1]._replace(judge=count)
    judge = Classifier(Ruleset(1, (rule,), (), lambda _agent: "desktop"))
    for purpose in ("prefetch", "prefetch;prerender", "Prefetch"):
        judge.classify(HitFacts("x", purpose=purpose))
    judge.classify(HitFacts("x", purpose="", networks=("apple",)))
    assert len(calls) == 2
    assert CACHE_SIZE == 65_536


class TestOrder:
    def test_own_office_beats_everything(self) -> None:
        assert classify(HitFacts("curl/8", "HEAD", "prefetch", ("apple", "office-riyadh"))).open_class == "self"

    def test_own_office_keeps_the_device(self) -> None:
        assert classify(HitFacts(CHROME, networks=("office",))).device == "desktop"

    def test_a_listed_scanner_network_is_believed_against_a_plain_browser(self) -> None:
        assert classify(HitFacts(CHROME, networks=("scanner-barracuda",))).open_class == "scanner"

    def test_a_listed_proxy_network_counts_without_a_device(self) -> None:
        found = classify(HitFacts(CHROME, networks=("proxy-proton",)))
        assert (found.open_class, found.device) == ("image_proxy", "unknown")

    def test_a_network_of_another_name_changes_nothing(self) -> None:
        assert classify(HitFacts(CHROME, networks=("partner",))).open_class == "human"

    @pytest.mark.parametrize("method", ["HEAD", "POST", "OPTIONS"])
    def test_only_get_shows_an_image(self, method: str) -> None:
        assert classify(HitFacts(CHROME, method)).reasons == ("method_not_get",)

    @pytest.mark.parametrize("purpose", ["prefetch", "prefetch;prerender", "Prefetch", "prefetch;anonymous-client-ip"])
    def test_a_prefetch_says_so_itself(self, purpose: str) -> None:
        assert classify(HitFacts(CHROME, purpose=purpose)).reasons == ("purpose_prefetch",)

    def test_apples_network_makes_mail_privacy_surer(self) -> None:
        assert classify(HitFacts("Mozilla/5.0", networks=("apple",))).confidence > 0.95
        assert classify(HitFacts("Mozilla/5.0")).confidence < 0.9

    def test_apple_mail_with_privacy_off_is_a_person(self) -> None:
        agent = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
        assert classify(HitFacts(agent, networks=("apple",))).open_class == "human"


class TestTiming:
    @pytest.mark.parametrize(
        ("agent", "delay_ms", "expected"),
        [
            (CHROME, 1_999, "scanner"),
            (CHROME, 2_000, "human"),
            (CHROME, -999, "scanner"),
            (CHROME, -60_000, "scanner"),
            (GMAIL, 2_999, "privacy_prefetch"),
            (GMAIL, 3_000, "image_proxy"),
            ("curl/8", 500, "script"),
        ],
    )
    def test_nobody_reads_as_fast_as_a_gateway(self, agent: str, delay_ms: int, expected: str) -> None:
        found = classify(HitFacts(agent, at=10_000_000 + delay_ms, sent_at=10_000_000))
        assert found.open_class == expected

    def test_without_a_time_of_sending_timing_says_nothing(self) -> None:
        assert classify(HitFacts(CHROME, at=5)).open_class == "human"

    def test_both_reasons_are_kept_the_decisive_one_first(self) -> None:
        assert classify(HitFacts(CHROME, at=1, sent_at=0)).reasons == ("opened_within_seconds", "browser_plain")
