"""The frame codec: what is written is read, and damage of any kind has a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.frame import MAGIC, Frame, FrameError, Origin, decode, encode

origins = st.builds(
    Origin,
    source=st.text(min_size=1, max_size=20).filter(lambda s: len(s.encode()) <= 64),
    segment=st.integers(0, 2**64 - 1),
    start=st.integers(0, 2**64 - 1),
    end=st.integers(0, 2**64 - 1),
)
lines = st.lists(st.binary(max_size=50).map(lambda b: b.replace(b"\n", b"") + b"\n"), max_size=20)


@given(origins, lines)
def test_a_frame_is_read_as_it_was_written(origin: Origin, content: list[bytes]) -> None:
    payload = b"".join(content)
    assert decode(encode(origin, len(content), payload)) == Frame(origin, len(content), payload)


@given(origins, lines.filter(bool), st.data())
def test_no_damage_to_a_single_byte_goes_unnoticed(origin: Origin, content: list[bytes], data: st.DataObject) -> None:
    frame = bytearray(encode(origin, len(content), b"".join(content)))
    at = data.draw(st.integers(0, len(frame) - 1))
    frame[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(FrameError):
        decode(bytes(frame))


@given(origins, lines.filter(bool), st.integers(0, 10_000))
def test_a_frame_that_was_cut_is_refused(origin: Origin, content: list[bytes], keep: int) -> None:
    frame = encode(origin, len(content), b"".join(content))
    with pytest.raises(FrameError):
        decode(frame[: min(keep, len(frame) - 1)])


def test_an_unknown_version_says_to_upgrade() -> None:
    frame = bytearray(encode(Origin("c", 1, 0, 1), 1, b"{}\n"))
    frame[2] = 9
    with pytest.raises(FrameError, match="upgrade") as caught:
        decode(bytes(frame))
    assert caught.value.code == FrameError.UNKNOWN_VERSION


def test_something_else_is_not_a_frame() -> None:
    with pytest.raises(FrameError) as caught:
        decode(b'{"type":"pixel_requested"}' * 10)
    assert caught.value.code == FrameError.NOT_A_FRAME
    assert MAGIC == b"HG"
