"""Bytes of a text file of unknown encoding → text, as they come. Never needs the whole file."""

import codecs
import io

from app.people.importing.code_pages import code_page_of

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
LEAST_BYTES = 4
"""As many are needed to see a byte order mark, or UTF-16 without one."""


EVIDENCE_BYTES = 65_536
"""As many are looked at, from the first byte on that is not UTF-8, before a code page is believed."""
_BEFORE_BYTES = 64


class UnknownEncodingError(ValueError):
    """The file is not UTF-8, and its words are neither likely Western nor likely Arabic."""


class Decoder:
    """Decodes UTF-8 and UTF-16 with or without byte order mark, and the code pages of Western and Arabic Windows.

    What is not UTF-8 is read as a code page from its first such byte on, if its words are likely; else
    `UnknownEncodingError` is raised. If proper UTF-8 letters came before it, the file is damaged rather than of another
    encoding: such bytes become U+FFFD, for the row's check to refuse. With `encoding` nothing is guessed.
    """

    def __init__(self, encoding: str | None = None) -> None:
        self.encoding = encoding or "utf-8"
        """What the file turned out to be, so far."""
        self._is_told = encoding is not None
        self._before = b""
        self._evidence = b""
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
            if head.startswith(mark) and (not self._is_told or encoding.startswith(self.encoding)):
                self._read_as(encoding)
                return head[len(mark) :]
        if self._is_told:
            self._read_as("utf-16-le" if self.encoding == "utf-16" else self.encoding, "replace")
        elif head[1:2] == b"\0" and head[0:1] != b"\0":
            self._read_as("utf-16-le")
        elif head[:1] == b"\0" and head[1:2] != b"\0":
            self._read_as("utf-16-be")
        else:
            self._read_as("utf-8")
        return head

    def _read_as(self, encoding: str, errors: str | None = None) -> None:
        self.encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)(
            errors or ("strict" if encoding == "utf-8" and not self._is_told else "replace")
        )

    def _decoded(self, data: bytes, is_last: bool) -> str:
        assert self._decoder is not None  # `feed` began
        if self._evidence:
            self._evidence += data
            return self._judged(is_last)
        is_strict = self._decoder.errors == "strict"
        before = self._decoder.getstate()[0] if is_strict else b""
        try:
            text = self._decoder.decode(data, is_last)
        except UnicodeDecodeError as error:
            whole = before + data
            good = whole[: error.start].decode()
            if self._has_letters or not good.isascii():
                self._read_as("utf-8", "replace")
                return self._decoder.decode(whole, is_last)
            self._before = (self._before + whole[: error.start])[-_BEFORE_BYTES:]
            self._evidence = whole[error.start :]
            return good + self._judged(is_last)
        if is_strict:
            self._has_letters = self._has_letters or not text.isascii()
            self._before = (self._before + data)[-_BEFORE_BYTES:]
        return text

    def _judged(self, is_last: bool) -> str:
        """Return the text behind the first byte that is not UTF-8, once there is enough of it to tell its code page."""
        if len(self._evidence) < EVIDENCE_BYTES and not is_last:
            return ""
        page = code_page_of(self._before + self._evidence[:EVIDENCE_BYTES])
        if page is None:
            raise UnknownEncodingError
        self._read_as(page)
        assert self._decoder is not None
        data, self._evidence = self._evidence, b""
        return self._decoder.decode(data, is_last)
