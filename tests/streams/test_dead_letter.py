"""What is set apart: as much of it as Kafka takes, with what was wrong."""

from schemas.topics import MAX_VALUE_BYTES
from streams.dead_letter import DeadLetter


def test_a_letter_as_large_as_its_topic_takes_is_cut_so_that_its_own_record_is_taken_and_says_so() -> None:
    raw = b"x" * 1_048_000
    letter = DeadLetter(raw, "enrich", "frame_bad_magic: " + "y" * 5000, "events.raw", 3, 7)
    headers = letter.headers()
    assert letter.body() == raw[:MAX_VALUE_BYTES]
    assert headers["size"] == b"1048000"
    assert len(letter.body()) + sum(len(name) + len(value) for name, value in headers.items()) < 1_048_588 - 200


def test_a_letter_that_fits_is_whole() -> None:
    assert DeadLetter(b"poison", "enrich", "?", "events.raw", 0, 0).body() == b"poison"
