"""What was made of a text is kept for as long as the text is the same, and no more of it than memory allows."""

import weakref

from app.unchanged import Unchanged


class Made:
    def __init__(self, text: str) -> None:
        self.text = text


def test_the_same_text_gives_the_same_object_and_another_a_new_one() -> None:
    known: Unchanged[int, Made] = Unchanged(Made, most_characters=100)
    first = known.of(1, "a")
    assert known.of(1, "".join(["a"])) is first
    assert known.of(2, "a") is not first
    assert known.of(1, "b").text == "b"
    assert known.of(1, "a") is not first


def test_what_was_not_asked_for_longest_goes_first_and_the_newest_stays() -> None:
    known: Unchanged[int, Made] = Unchanged(Made, most_characters=10)
    one, two = known.of(1, "x" * 4), known.of(2, "x" * 4)
    assert known.of(1, "x" * 4) is one
    known.of(3, "x" * 4)
    assert known.of(1, "x" * 4) is one
    assert known.of(2, "x" * 4) is not two
    large = known.of(4, "x" * 1_000)
    assert known.of(4, "x" * 1_000) is large


def test_what_is_replaced_is_not_kept() -> None:
    known: Unchanged[int, Made] = Unchanged(Made, most_characters=100)
    first = weakref.ref(known.of(1, "a"))
    known.of(1, "b")
    assert first() is None
