"""Bytes of a text file of unknown encoding → text, as they come. Never needs the whole file."""

import codecs
import io
import itertools

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
LEAST_BYTES = 4
"""As many are needed to see a byte order mark, or UTF-16 without one."""


class Decoder:
    """Decodes UTF-8 and UTF-16 with or without byte order mark, and the code pages of Western and Arabic Windows.

    What is not UTF-8 is read as a code page from its first such byte on. If proper UTF-8 letters came before it, the
    file is damaged rather than of another encoding: such bytes become U+FFFD, for the row's check to refuse.
    """

    def __init__(self) -> None:
        self.encoding = "utf-8"
        """What the file turned out to be, so far."""
        self._waiting = b""
        self._decoder: codecs.IncrementalDecoder | None = None
        self._newlines = io.IncrementalNewlineDecoder(None, translate=True)
        self._has_letters = False

    def feed(self, data: bytes, *, is_last: bool = False) -> str:
        """Return the text of these bytes, with `\\n` for every kind of line end; bytes cut apart are kept."""
        if self._decoder is None:
            self._waiting += data
            if len(self._waiting) < LEAST_BYTES and not is_last:
                return ""
            data, self._waiting = self._begin(self._waiting), b""
        return self._newlines.decode(self._decoded(data, is_last), final=is_last)

    def _begin(self, head: bytes) -> bytes:
        for mark, encoding in _BOMS:
            if head.startswith(mark):
                self._read_as(encoding)
                return head[len(mark) :]
        if head[1:2] == b"\0" and head[0:1] != b"\0":
            self._read_as("utf-16-le")
        elif head[:1] == b"\0" and head[1:2] != b"\0":
            self._read_as("utf-16-be")
        else:
            self._read_as("utf-8")
        return head

    def _read_as(self, encoding: str, errors: str | None = None) -> None:
        self.encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)(
            errors or ("strict" if encoding == "utf-8" else "replace")
        )

    def _decoded(self, data: bytes, is_last: bool) -> str:
        assert self._decoder is not None  # `feed` began
        before = self._decoder.getstate()[0] if self.encoding == "utf-8" else b""
        try:
            text = self._decoder.decode(data, is_last)
        except UnicodeDecodeError as error:
            whole = before + data
            good = whole[: error.start].decode()
            if self._has_letters or not good.isascii():
                self._read_as("utf-8", "replace")
                return self._decoder.decode(whole, is_last)
            self._read_as(_code_page(whole[error.start :]))
            return good + self._decoder.decode(whole[error.start :], is_last)
        self._has_letters = self._has_letters or not text.isascii()
        return text


def _code_page(data: bytes) -> str:
    """Tell Arabic Windows from Western Windows: Arabic words are runs of high bytes, Western letters stand alone."""
    high = [byte >= 0xC0 for byte in data[:65_536]]
    in_runs = sum(here and after for here, after in itertools.pairwise(high))
    return "windows-1256" if in_runs * 2 > sum(high) else "windows-1252"
