"""What the API says about an import of people."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from schemas.base import Schema


class ImportColumn(Schema):
    """A column of the file."""

    header: str
    field: str | None = Field(description="What it was taken as; null: not used. `map` changes that.")


class RowProblem(Schema):
    """Something wrong with one row; the others are imported all the same."""

    line: int = Field(description="Line of the file on which the row begins, from 1.")
    field: str = Field(description="Field of the person, or `row` where the row cannot be read at all.")
    message: str = Field(description="What is wrong and what to do.")


class ImportedPerson(Schema):
    """A person as the file makes them."""

    line: int
    action: Literal["created", "updated", "unchanged"]
    user_id: UUID | None = Field(description="Null for somebody new.")
    email: str
    name: str
    department: str | None
    job_title: str
    phone: str
    time_zone: str
    locale: str
    role: str
    changed: list[str] = Field(description="Fields that change; empty for new and unchanged people.")


class NewDepartment(Schema):
    """A department the organisation does not have yet."""

    department: str
    people: int


class RespeltDepartment(Schema):
    """A spelling that was taken as a department known in another one; `keepSpellings` leaves it as it is."""

    found: str
    used: str
    people: int


class ImportResult(Schema):
    """What an import did, or with `dryRun` would do."""

    is_dry_run: bool
    rows: int = Field(description="Rows with content, the header not counted.")
    created: int
    updated: int
    unchanged: int
    failed: int = Field(description="Rows that were left out; `errors` says why.")
    inactive: int = Field(description="Rows of people who are deactivated; they were updated and stay deactivated.")
    encoding: str = Field(description="How the file was read.")
    delimiter: str
    columns: list[ImportColumn]
    preview: list[ImportedPerson] = Field(description="The first rows that fit, as they become.")
    errors: list[RowProblem] = Field(description="The first of them; /api/admin/people/import/errors gives all.")
    error_count: int = Field(description="How many there are in all; a row may have several.")
    new_departments: list[NewDepartment]
    respelt_departments: list[RespeltDepartment]
    warnings: list[str] = Field(description="What to know about the file as a whole.")
