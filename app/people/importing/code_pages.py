"""Which code page a text that is not UTF-8 is of: known where its words look like it, else nobody's guess.

A code page cannot be told from bytes for sure, so each has to be made likely by the words it would make: one that makes
none is not taken, and whoever sends the file is asked. Pure.
"""

import codecs
import re

from app.errors import BadInputError

ENCODINGS = (
    *("utf-8", "utf-16", "windows-1250", "windows-1251", "windows-1252", "windows-1253", "windows-1254"),
    *("windows-1255", "windows-1256", "windows-1257", "windows-1258", "iso-8859-1", "iso-8859-2", "iso-8859-5"),
    *("iso-8859-6", "iso-8859-7", "iso-8859-8", "iso-8859-9", "iso-8859-15", "koi8-r", "koi8-u", "cp437", "cp850"),
    *("cp852", "cp866", "cp874", "mac-roman", "mac-cyrillic", "mac-arabic", "gb18030", "gbk", "big5", "shift_jis"),
    *("cp932", "euc_jp", "euc_kr", "cp949"),
)
"""What a file may be said to be of, by any of the names that Python has for it."""
_KNOWN = {codecs.lookup(name).name: name for name in ENCODINGS}

_WORD = re.compile(r"[^\W\d_]+")
_ARABIC = re.compile(r"[\u0600-\u06ff]+")
_USUAL_ARABIC = frozenset("اليىمنوه")
"""Half of all letters of Arabic; other scripts read as Arabic hit them seldom."""
_HIGH = "\u0080-\uffff"
_UNLIKELY_WORD = re.compile(
    rf"[{_HIGH}]{{3}}|^[{_HIGH}]{{2,}}$|[ƒˆ]"
    # Czech, Turkish, Hungarian: letters that no Western language has together, or there
    r"|[ìùèÌÙÈ].{0,40}[áíýšžÁÍÝŠŽ]|[áíýšžÁÍÝŠŽ].{0,40}[ìùèÌÙÈ]|ø[áíšž]|þ$|õ$|[aeoöuüyý]þ[aeioöuüý]|^Ý[bcdfghklnpsvz]"
)
_CAPITAL_INSIDE = re.compile(r"\w[À-ÖØ-ÞŠŽŒŸ]")
_SYMBOL_INSIDE = re.compile(
    r"[£¢¤¥¦§¨¬¯±²³¶¸¹¼½¾×÷†‡‰‹›˜][^\W\d_]|[^\W\d_][¡¿†‡‰¢¤¦§¯¶¸¹³][^\W\d_]|[^\W\d_][‚„]|[^\W\d_]{3}[³¹]|[¡-¿×÷]{2}"
)
"""Letters of other languages, read as the symbols that Western Windows has in their place."""


def known_encoding(name: str) -> str | None:
    """Return one of `ENCODINGS` by any of its names (`cp1251`, `latin1`), None for what is none."""
    try:
        return _KNOWN.get(codecs.lookup(name.strip()[:40].lower().replace("cp-", "cp")).name)
    except (LookupError, ValueError):
        return None


def checked_encoding(name: str) -> str:
    """Return one of `ENCODINGS` by any of its names; raises `BadInputError` naming those there are."""
    found = known_encoding(name)
    if found is None:
        raise BadInputError(
            f"encoding: {name[:40]!r} is none that is read; choose from {', '.join(ENCODINGS)}.",
            field="encoding",
            encodings=list(ENCODINGS),
        )
    return found


def code_page_of(data: bytes) -> str | None:
    """Return `windows-1256` or `windows-1252` if the words of this text are likely Arabic or Western, else None."""
    if _is_arabic(data.decode("windows-1256")):
        return "windows-1256"
    try:
        return "windows-1252" if _is_western(data.decode("windows-1252")) else None
    except UnicodeDecodeError:
        return None


def _is_arabic(text: str) -> bool:
    """Tell whether there are Arabic words, hardly any of them with Latin letters inside, made of the usual letters."""
    words = [word for word in _WORD.findall(text) if _ARABIC.search(word)]
    whole = [word for word in words if _ARABIC.fullmatch(word)]
    letters = "".join(whole)
    usual = sum(letter in _USUAL_ARABIC for letter in letters)
    return bool(letters) and len(whole) * 10 >= len(words) * 9 and usual * 3 >= len(letters)


def _is_western(text: str) -> bool:
    """Tell whether hardly any word is unlike Western ones: those have single letters with signs, and no symbols."""
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    unlike = sum(_is_unlike(word) for word in words) + len(_SYMBOL_INSIDE.findall(text))
    return unlike * 50 <= len(words)


def _is_unlike(word: str) -> bool:
    if len(word) > 100:
        return True
    is_mixed = not word.isupper() and _CAPITAL_INSIDE.search(word) is not None
    return is_mixed or _UNLIKELY_WORD.search(word) is not None
