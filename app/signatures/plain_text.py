"""A rendered signature as lines of text, for mail programs and servers that take no HTML."""

import re

from app.signatures.tokens import tokens, unescape

_ENDS_LINE = frozenset({"br", "div", "p", "tr", "table", "li", "ul", "ol", "hr", "h1", "h2", "h3", "h4", "h5", "h6"})
_SPACE = re.compile(r"[ \t\r\n\f]+")


def plain_text(html: str) -> str:
    """Return the texts, one line for each row or block, empty lines left out; links with their address after them."""
    written: list[str] = []
    link, link_from = "", 0
    for token in tokens(html):
        if token.kind == "text":
            written.append(_SPACE.sub(" ", unescape(html[token.start : token.end])))
        elif token.name in _ENDS_LINE:
            written.append("\n")
        elif token.kind == "end" and token.name in {"td", "th"}:
            written.append(" ")
        elif token.kind == "start" and token.name == "a":
            link = next((one.value for one in token.attributes if one.name == "href"), "")
            link_from = len(written)
        elif token.kind == "end" and token.name == "a":
            text = "".join(written[link_from:]).strip()
            if link.lower().startswith("http") and link.rstrip("/") != text.rstrip("/"):
                written.append(f" {link}" if text else link)
            link, link_from = "", len(written)
    lines = (_SPACE.sub(" ", line).strip() for line in "".join(written).split("\n"))
    return "\n".join(line for line in lines if line)
