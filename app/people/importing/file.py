"""One CSV file as it comes: decoded, cut, its first line understood, and every other line checked."""

from collections.abc import Iterator, Mapping

from app import csv_out
from app.errors import BadInputError
from app.people.importing.cells import Row, RowError, checked_row
from app.people.importing.code_pages import ENCODINGS
from app.people.importing.columns import NAME_PARTS, Columns, columns_of, delimiter_of
from app.people.importing.decoding import Decoder, UnknownEncodingError
from app.people.importing.records import MOST_RECORD_CHARACTERS, Record, RecordReader

_NOT_TOLD = "No header line was found: the file is empty. Its first line has to name the columns, such as email,name."
_WITHOUT_CONTENT = '\ufeff \t\r\u00a0;,"'
_ENCODING_IS_ASKED = (
    "encoding: the file is not UTF-8, and what it is cannot be told from its letters. Save it as “CSV UTF-8”, or say "
    "what it is with encoding=, such as encoding=windows-1251; a preview shows whether the names are right."
)
_CODE_PAGES = {"windows-1252": "Western", "windows-1256": "Arabic"}


class FileReader:
    """Turns the bytes of a file into checked rows. `columns`, `encoding` and `delimiter` are known after the header."""

    def __init__(self, mapping: Mapping[str, str], *, clears_empty: bool, encoding: str | None = None) -> None:
        self._mapping, self._clears_empty = mapping, clears_empty
        self._decoder, self._is_encoding_told = Decoder(encoding), encoding is not None
        self._head = ""
        self._reader: RecordReader | None = None
        self._lines_before = 0
        self._told = ""
        self._columns: Columns | None = None
        self.delimiter = ","

    @property
    def columns(self) -> Columns:
        """The columns; raises `BadInputError` if there was no header."""
        if self._columns is None:
            raise BadInputError(_NOT_TOLD, field="email")
        return self._columns

    @property
    def encoding(self) -> str:
        """How the file was read."""
        return self._decoder.encoding

    def feed(self, data: bytes, *, is_last: bool = False) -> Iterator[tuple[Row | None, list[RowError]]]:
        """Yield what is complete: a row, or None and what is wrong with it.

        Raises `BadInputError` if the header cannot be used, or a line never ends.
        """
        try:
            text = self._decoder.feed(data, is_last=is_last)
            for record in self._records(text, is_last):
                if self._columns is None:
                    self._begin(record)
                else:
                    yield self._checked(record)
        except UnknownEncodingError as error:
            raise BadInputError(_ENCODING_IS_ASKED, field="encoding", encodings=list(ENCODINGS)) from error
        except ValueError as error:
            raise BadInputError(f"This is no CSV file: {error}.", field="body") from error
        if is_last and self._columns is None:
            raise BadInputError(_NOT_TOLD, field="email")

    def repeated(self, row: Row, first: int) -> RowError:
        """Say that an address stood before: the first row counts, so that importing twice changes nothing."""
        return RowError(row.line, "email", f"{row.email} stands on line {first} already, which counts; remove one.")

    def warnings(self) -> list[str]:
        """Say what to know about the file as a whole."""
        said = []
        if not self._is_encoding_told and (page := _CODE_PAGES.get(self.encoding)):
            said.append(
                f"The file is not UTF-8; it was read as {page} Windows text ({self.encoding}). Look at the names in "
                "the preview; if they are wrong, say what it is with encoding=, or save it as “CSV UTF-8”."
            )
        if unused := [header for header, its in zip(self.columns.headers, self.columns.fields, strict=True) if not its]:
            said.append(f"Columns that are not used: {', '.join(f'“{header[:40]}”' for header in unused[:20])}.")
        if "name" not in self.columns.fields and not set(NAME_PARTS) & set(self.columns.fields):
            said.append("There is no column of names, so nobody new can be added; people who are there are changed.")
        return said

    def _records(self, text: str, is_last: bool) -> Iterator[Record]:
        """Cut the text; the first line with something in it says by what."""
        if self._reader is None:
            self._head += text
            if not self._is_begun(is_last=is_last):
                return
            text, self._head = self._head, ""
        assert self._reader is not None
        yield from self._reader.feed(text, is_last=is_last)

    def _is_begun(self, *, is_last: bool) -> bool:
        """Take lines without content from the head, and make the reader of the first that has some."""
        at = 0
        while self._reader is None:
            end = self._head.find("\n", at)
            line = self._head[at:] if end == -1 else self._head[at:end]
            if end == -1 and not is_last:
                if len(line) > MOST_RECORD_CHARACTERS:
                    raise ValueError(f"its first line is longer than {MOST_RECORD_CHARACTERS:,} characters")
                break
            said = line.strip("\ufeff \t").lower()
            if said.startswith("sep=") and len(said) <= len("sep=,"):  # Excel's own way to say it
                self._told = said[len("sep=") :] or "\t"  # a tab was stripped
            elif line.strip(_WITHOUT_CONTENT) or end == -1:
                self.delimiter = self._told or delimiter_of(line)
                self._reader = RecordReader(self.delimiter)
                break
            self._lines_before += 1
            if end == -1:
                break
            at = end + 1
        self._head = self._head[at:]
        return self._reader is not None

    def _begin(self, header: Record) -> None:
        if header.problem is not None:
            raise BadInputError(f"The header line cannot be read: {header.problem}.", field="email")
        self._columns = columns_of(header.cells, self._mapping)

    def _checked(self, record: Record) -> tuple[Row | None, list[RowError]]:
        line = record.line + self._lines_before
        if record.problem is not None:
            return None, [RowError(line, "row", f"{record.problem}.")]
        surplus = [cell for cell in record.cells[len(self.columns.fields) :] if cell.strip()]
        if surplus:
            said = f"has {len(record.cells)} cells, the header has {len(self.columns.fields)}; quote cells that hold a "
            return None, [RowError(line, "row", f"{said}{self.delimiter!r}.")]
        cells = {field: csv_out.original(cell.strip(" ")) for field, cell in self.columns.of(record.cells).items()}
        return checked_row(line, cells, clears_empty=self._clears_empty)
