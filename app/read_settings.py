"""Reads the settings of the environment; what is wrong with them is said in one sentence each.

`python -m app.read_settings` only checks them: it says nothing, or the sentences and ends with code 1.
"""

import os
import sys
from collections.abc import Mapping
from typing import Any, Literal, Never, get_args, get_origin

from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo

from app.settings import Settings

_LONGEST_SHOWN = 80


class SettingsError(Exception):
    """Settings that the product cannot use; the message has one line for each, naming it and what to write."""


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings that stand in `environment`. Raises `SettingsError`."""
    upper = {name.upper(): value for name, value in environment.items()}
    given = {name: upper[name.upper()] for name in Settings.model_fields if upper.get(name.upper())}
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(dict(one)) for one in error.errors())) from None


def settings_or_exit(process: str) -> Settings:
    """Return the settings of the environment; without them end this process with code 1 and the sentences."""
    try:
        return read_settings()
    except SettingsError as error:
        exit_with(process, error)


def exit_with(process: str, error: Exception) -> Never:
    """End this process with code 1; each line of the error stands behind the name of who says it."""
    sys.exit("\n".join(f"{process}: {line}" for line in str(error).splitlines()))


def _sentence(error: dict[str, Any]) -> str:
    """Say which setting is wrong, what was given, and what to write instead."""
    if error["type"] == "settings":
        return f"{error['ctx']['sentence']}."
    name = str(error["loc"][0])
    if error["type"] == "setting":
        return f"{name.upper()} {error['ctx']['sentence']}."
    field = Settings.model_fields[name]
    default = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
    shown = str(error["input"])[:_LONGEST_SHOWN]
    return f"{name.upper()} is {shown!r}; write {expected(field)}, or leave it out for {default}."


def expected(field: FieldInfo) -> str:
    """Say what a number, a choice or a switch has to be: `a whole number from 1 to 65535`."""
    if get_origin(field.annotation) is Literal:
        return " or ".join(repr(choice) for choice in get_args(field.annotation))
    if field.annotation is bool:
        return "true or false"
    bounds: dict[str, Any] = {}
    for one in field.metadata:
        bounds |= {name: getattr(one, name) for name in ("gt", "ge", "le") if getattr(one, name, None) is not None}
    words = ["a whole number" if field.annotation is int else "a number"]
    for name, word in (("gt", "above"), ("ge", "from"), ("le", "to")):
        words += [word, str(bounds[name])] if name in bounds else []
    return " ".join(words)


if __name__ == "__main__":
    try:
        read_settings()
    except SettingsError as error:
        sys.exit(str(error))
