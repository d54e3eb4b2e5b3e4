"""Which column of a file is which field of a person: by its header, in English or Arabic, or as the sender says."""

import csv
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.errors import BadInputError
from app.people.importing.records import DELIMITERS

FIELDS = ("email", "name", "department", "jobTitle", "phone", "timeZone", "locale", "role")
"""What a file can say of a person. `email` is needed; the others are left as they are without a column."""
NAME_PARTS = ("firstName", "lastName")
"""Together the name, in files that have no column for the whole of it."""

_ALIASES: Mapping[str, str] = {
    "email": "email e-mail mail emailaddress e-mailaddress mailaddress workemail primaryemail userprincipalname upn "
    "البريد البريدالإلكتروني البريدالالكتروني الايميل الإيميل ايميل بريد عنوانالبريدالإلكتروني",
    "name": "name fullname displayname employeename personname الاسم الاسمالكامل اسمالموظف اسم",
    "firstName": "firstname givenname forename الاسمالأول الاسمالاول",
    "lastName": "lastname surname familyname اسمالعائلة الاسمالأخير الاسمالاخير اللقب",
    "department": "department dept division team orgunit organizationalunit القسم الإدارة الادارة قسم إدارة الدائرة",
    "jobTitle": "jobtitle title position jobposition المسمىالوظيفي الوظيفة المنصب المسمى",
    "phone": "phone phonenumber telephone tel mobile mobilephone mobilenumber workphone businessphone cell "
    "الهاتف رقمالهاتف الجوال رقمالجوال الموبايل هاتف جوال",
    "timeZone": "timezone tz zone المنطقةالزمنية التوقيت المنطقةالزمنيه",
    "locale": "locale language lang preferredlanguage اللغة لغة",
    "role": "role accessrole userrole الدور الصلاحية دور",
}
_MEANINGLESS = re.compile(r"[\s_\-./:*\u0640]|\[[^\[\]]*+\]|\([^()]*+\)")
MOST_COLUMNS = 200
MOST_HEADER_CHARACTERS = 200
"""A longer header names no field: what follows is not looked at."""


def normalised(header: str) -> str:
    """Return a header without case, spaces, punctuation, and what stands in brackets (`First Name [Required]`)."""
    return _MEANINGLESS.sub(
        "", unicodedata.normalize("NFKC", header[:MOST_HEADER_CHARACTERS]).casefold().strip("\ufeff")
    )


_FIELD_OF = {normalised(alias): field for field, aliases in _ALIASES.items() for alias in aliases.split()}


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a file: header and field of each (None: not used), in their order."""

    headers: tuple[str, ...]
    fields: tuple[str | None, ...]

    def of(self, cells: Sequence[str]) -> dict[str, str]:
        """Return the cells of one record by field; a record that is too short leaves out its last fields."""
        return {field: cell for field, cell in zip(self.fields, cells, strict=False) if field is not None}


def delimiter_of(header_line: str) -> str:
    """Tell what separates columns: what makes most known headers of this line, then most columns."""

    def fit(delimiter: str) -> tuple[int, int]:
        cells = next(csv.reader([header_line], delimiter=delimiter), [])
        return sum(normalised(cell) in _FIELD_OF for cell in cells), len(cells)

    return max(DELIMITERS, key=fit)


def columns_of(headers: Sequence[str], mapping: Mapping[str, str]) -> Columns:
    """Return what each column is; `mapping` (header → field, or empty to leave it out) goes before what we know.

    Raises `BadInputError` without a column of addresses, for two columns of one field, and for a mapping of what
    is not there: all of them name what was found.
    """
    found = tuple(header.strip().strip("\ufeff") for header in headers[:MOST_COLUMNS])
    names = [normalised(header) for header in found]
    wanted = {normalised(header): _checked_field(field) for header, field in mapping.items()}
    if missing := [header for header in mapping if normalised(header) not in names]:
        raise BadInputError(
            f"map: the file has no column {', '.join(missing)}; it has {_listed(found)}.", field="map", headers=found
        )
    fields = tuple(wanted.get(name, _FIELD_OF.get(name)) or None for name in names)
    for field in (*FIELDS, *NAME_PARTS):
        if fields.count(field) > 1:
            twice = [header for header, its in zip(found, fields, strict=True) if its == field]
            raise BadInputError(
                f"map: {_listed(twice)} would all be {field}; say which with map=HEADER={field}, and leave the "
                "others out with map=HEADER=.",
                field="map",
                headers=found,
            )
    if "email" not in fields:
        raise BadInputError(
            f"No column holds e-mail addresses. The first line has to name the columns; it has {_listed(found)}. "
            "Call one of them email, or say which it is with map=HEADER=email.",
            field="email",
            headers=found,
        )
    return Columns(found, fields)


def parsed_mapping(texts: Sequence[str]) -> dict[str, str]:
    """Return `HEADER=field` texts as a mapping; raises `BadInputError` for one that is none."""
    mapping = {}
    for text in texts:
        header, is_there, field = text.rpartition("=")
        if not is_there or not header.strip():
            raise BadInputError(f"map: {text!r} has to be HEADER=field, such as Mail=email.", field="map")
        mapping[header.strip()] = field.strip()
    return mapping


def _checked_field(field: str) -> str:
    if field and field not in (*FIELDS, *NAME_PARTS):
        raise BadInputError(
            f"map: {field!r} is no field; choose from {', '.join((*FIELDS, *NAME_PARTS))}, or nothing.", field="map"
        )
    return field


def _listed(headers: Sequence[str]) -> str:
    shown = ", ".join(f"“{header[:40]}”" for header in headers[:20])
    return shown + (f" and {len(headers) - 20} more" if len(headers) > 20 else "") if headers else "nothing"
