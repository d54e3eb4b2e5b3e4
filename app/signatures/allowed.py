"""What the HTML of a mail signature may hold. Whatever is not named here is removed."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


CELL = {"width", "height", "align", "valign", "bgcolor", "colspan", "rowspan"}

ATTRIBUTES: dict[str, set[str]] = {
    "table": {"width", "height", "align", "border", "cellpadding", "cellspacing", "bgcolor", "role"},
    "thead": {"align", "valign"},
    "tbody": {"align", "valign"},
    "tfoot": {"align", "valign"},
    "tr": {"align", "valign", "bgcolor", "height"},
    "td": CELL,
    "th": CELL,
    "img": {"src", "alt", "width", "height", "border", "align"},
    "a": {"href"},
    "font": {"color", "face", "size"},
    "div": {"align"},
    "p": {"align"},
    "hr": {"width", "size", "align"},
} | {
    name: set()
    for name in _words("span br b strong i em u s small sub sup center ul ol li h1 h2 h3 h4 h5 h6 blockquote")
}
"""Tag → its attributes, beside those of every tag."""

EVERYWHERE = {"style", "dir", "lang", "title"}
"""Attributes of every tag."""

WITH_CONTENT = _words(
    "script style svg math iframe object applet noscript template textarea select title xmp noembed noframes plaintext "
    "audio video canvas dialog frameset map datalist metadata xml "
    "w:worddocument w:latentstyles o:officedocumentsettings o:documentproperties o:customdocumentproperties "
    "o:shapedefaults o:shapelayout m:mathpr x:excelworkbook"
)
"""Tags of which the content goes too. Of every other tag that is not allowed, the text inside stays.

Those with a colon are data of Office, which belong into `xml`; `o:p`, `w:sdt` and their like stand around text.
"""

PROPERTIES = _words(
    "color background background-color font font-family font-size font-style font-weight line-height "
    "letter-spacing text-align text-decoration text-transform vertical-align white-space word-break overflow-wrap "
    "direction width height max-width min-width max-height min-height display table-layout list-style-type "
    "padding padding-top padding-right padding-bottom padding-left padding-inline-start padding-inline-end "
    "margin margin-top margin-right margin-bottom margin-left margin-inline-start margin-inline-end "
    "border border-top border-right border-bottom border-left border-inline-start border-inline-end border-width "
    "border-style border-color border-radius border-collapse border-spacing border-top-width border-right-width "
    "border-bottom-width border-left-width border-top-color border-right-color border-bottom-color "
    "border-left-color border-top-style border-right-style border-bottom-style border-left-style "
    "mso-line-height-rule mso-table-lspace mso-table-rspace mso-padding-alt"
)
"""Properties of an inline style. Nothing that moves, hides or loads: no position, opacity, float, content, images."""

DISPLAYS = frozenset({"block", "inline", "inline-block", "table", "table-row", "table-cell"})
"""`none` is not among them: what nobody sees has no place in a signature."""

FUNCTIONS = frozenset({"rgb", "rgba", "hsl", "hsla"})
UNITS = frozenset({"px", "pt", "em", "rem", "ex", "ch", "in", "cm", "mm", "pc"})
IMAGE_TYPES = frozenset({"png", "gif", "jpeg", "jpg", "webp"})
