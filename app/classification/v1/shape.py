"""What remains: strings that no browser or mail program has the shape of, and those that have it."""

import re

from app.classification.model import Request, Rule, Verdict

_PLATFORM = re.compile(
    r"Windows|WinNT|Win9[58]|Win64|Win32|Macintosh|Mac OS|Mac_P|X11|Wayland|Linux|Android|Adr |iPhone|iPad|iPod|CrOS|BlackBerry|BB10|PlayBook|RIM Tablet|"
    r"Symbian|Series ?[346]0|SymbOS|webOS|hpwOS|Tizen|KAIOS|OpenHarmony|HarmonyOS|BeOS|Haiku|AmigaOS|RISC ?OS|OS/2|FreeBSD|OpenBSD|SunOS|Mobile;|Tablet;|"
    r"J2ME|MIDP|Maemo|MeeGo|Bada|PlayStation|PLAYSTATION|Xbox|Nintendo|SMART-TV|SmartTV|SmartHub|Web0S|NetCast|HbbTV|Roku|GoogleTV|Kindle|Silk|Nokia|Sailfish|Fuchsia|Ubuntu|iPh\d",
    re.IGNORECASE,
)
_MOZILLA = re.compile(
    r"Mozilla ?/ ?\d\.\d+ ?[( ]|[\w. -]{1,40}(?:/[\w.]{0,20})?[/ ]Mozilla/\d\.\d \((?:Linux; (?:U; )?(?:Android|SmartTV)|iPhone|iPad)|Opera/\d+\.\d+ ?\.?\(|Mozilla/\d\.\d+ \[[a-z]{2}\]|"
    # a browser or an application that puts its own name in front: `QwantMobile/2.0 (iPhone; …) AppleWebKit/…`
    # or several, as hybrid applications do: `SalesforceMobileSDK/9.1 iOS/15.1 (iPhone) Chatter/234 Hybrid Mozilla/5.0 (iPhone; …`
    r"[\w./;:,()% -]{1,200} Mozilla/5\.0 \((?:Linux; (?:U; )?Android|iPhone; |iPad; )|"
    r"[A-Za-z][\w.-]{1,40}/[\w.]{1,20} \((?:Linux; |Android |iPhone; |iPad; |Windows NT |Macintosh; |X11; )[^()]{1,200}\) (?:AppleWebKit|Gecko)/\d",
    re.IGNORECASE,
)
_PHONE = re.compile(
    # telephones from before smartphones name their maker first and their profile behind
    r"^dv\(iPh|MIDP-?\d|CLDC|UP\.(?:Browser|Link)|MAUI|NetFront|Teleca|Obigo|Dolfin/|UCWEB/|J2ME|WAP[- ]?Browser|MRE/\d|\(GUI\) MMP|BlackBerry\d|Nokia\w+/|SonyEricsson|DoCoMo/\d\.\d/\w",
    re.IGNORECASE,
)
_POCKET = re.compile(r"compatible; MSIE [\d.]+; Windows CE[;)]")
"""Pocket PCs, whose maker stands first."""
_COMPATIBLE = re.compile(
    r"\(\s*compatible;?+\s*+(?!(?:MSIE|Konqueror|ms-office|Windows|Linux|iPhone|Opera|OmniWeb|iCab))", re.IGNORECASE
)
_APPENDED = re.compile(r"[;,]\s*compatible;\s*+(?!MSIE|Konqueror)|\(KHTML, like Gecko; ", re.IGNORECASE)

_NOT_A_BROWSER = Verdict("script", 0.7, ("not_a_browser",))
_COMPATIBLE_WITH = Verdict("crawler", 0.85, ("compatible_with_browsers",))
_BROWSER = Verdict("human", 0.8, ("browser",))
_OLD_PHONE = Verdict("human", 0.7, ("browser_old_phone",))


def _not_a_browser(request: Request) -> Verdict | None:
    agent = request.user_agent
    if not _MOZILLA.match(agent) or not _PLATFORM.search(agent):
        if "compatible" in agent and not _POCKET.search(agent):
            return _COMPATIBLE_WITH
        return _OLD_PHONE if _PHONE.search(agent) or _POCKET.search(agent) else _NOT_A_BROWSER
    if _COMPATIBLE.search(agent) or _APPENDED.search(agent):
        return _COMPATIBLE_WITH
    return None


def _browser(_request: Request) -> Verdict:
    return _BROWSER


NOT_A_BROWSER = Rule(
    "not_a_browser",
    _not_a_browser,
    {
        "not_a_browser": "It has not the shape of any browser or mail program.",
        "compatible_with_browsers": "It calls itself compatible with browsers, as crawlers do; it is none of them.",
        "browser_old_phone": "The browser of a telephone from before smartphones.",
    },
)
BROWSER = Rule("browser", _browser, {"browser": "It has the shape of a browser and no list knows it as a machine."})
