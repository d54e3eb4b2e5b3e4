"""Browsers: those of which every word is known, and those inside an application."""

import re

from app.classification.model import Request, Rule, Verdict
from app.classification.tokens import Screened

_LOCALE = r"(?:; [a-z]{2}(?:[-_][A-Za-z]{2,4})?)?"
_WINDOWS = rf"Windows(?: NT \d+\.\d+)?(?:; (?:U|Win64|WOW64|x64|ARM64|ARM|arm64|arm_64|Touch|Tablet PC [\d.]+|Cortana [\d.]+)){{0,4}}{_LOCALE}"
_MAC = rf"Macintosh; (?:U; )?(?:Intel|PPC|ARM|arm64)(?: Mac OS X(?: [\d._]+)?)?{_LOCALE}"
_X11 = (
    r"(?:X11|Wayland); (?:U; )?(?:(?:Ubuntu|Fedora|Debian|Arch Linux|Linux Mint|openSUSE|CentOS|Gentoo|Kubuntu)(?: [\d.]+)?; )?"
    rf"(?:(?:Linux|FreeBSD|OpenBSD|NetBSD|SunOS|DragonFly)(?: [\w.]+){{0,2}}|CrOS [\w]+ [\d.]+){_LOCALE}"
)
_IOS = rf"(?:iPhone|iPad|iPod(?: touch)?); (?:U; )?CPU (?:iPhone )?OS \d[\d_]* like Mac OS X{_LOCALE}"
_MODEL = r"(?!compatible|[^;)]*(?:https?:|@|\+http|crawl|spider|(?<![Cc][Uu])(?<!CU)[Bb]ot(?![a-z])))[^;()]{1,60}(?:\([^()]{1,20}\)[^;()]{0,40})?"
_ANDROID = rf"Linux; (?:U; )?(?:arm(?:_64)?; |x86(?:_64)?; )?Android(?: \d[\w.]*)?{_LOCALE}(?:; {_MODEL})?(?:; Build/[^;()]{{1,80}})?(?:; wv)?"
_HARMONY = r"(?:Phone|Tablet|PC|Linux|Wearable)(?:; Android \d+)?; (?:OpenHarmony|HarmonyOS)(?: [\d.]+)?(?:; [^;()]{1,40}){0,2}"
_PLATFORM = rf"(?:{_WINDOWS}|{_MAC}|{_X11}|{_IOS}|{_ANDROID}|{_HARMONY})"

_NAMES = (
    "Version|Chrome|Chromium|Mobile|Safari|Edg|EdgA|EdgiOS|Edge|EdgW|OPR|OPT|OPX|OPiOS|OPRGX|CriOS|FxiOS|Firefox|"
    "SamsungBrowser|YaBrowser|Yowser|YaApp_iOS|YaSearchBrowser|YaApp_Android|Vivaldi|Whale|UCBrowser|UBrowser|MiuiBrowser|"
    "XiaoMi/MiuiBrowser|HuaweiBrowser|HeyTapBrowser|VivoBrowser|DuckDuckGo|Ddg|Brave|GSA|Focus|Klar|Quark|QuarkPC|MQQBrowser|"
    "QQBrowser|QBCore|MetaSr|Maxthon|Sleipnir|Silk|Avast|AVG|Norton|Ecosia|PHX|Coast|ArkWeb|Iron|Puffin|Waterfox|"
    "Ubuntu|Epiphany|Falkon|Konqueror|QtWebEngine|Mypal|Viv|AvastSecureBrowser|CCleaner|NAVER|coc_coc_browser|Atom|"
    "Swing|KNOX|Cubot|Presto|Seamonkey|SeaMonkey|PaleMoon|Goanna|Basilisk|IceCat|LibreWolf|Floorp|Zen|Camino|Kindle|JioPages|"
    "Phoenix|AlohaBrowser|Aloha|Kiwi|Bromite|Orion|Arc|DuckDuckGo_Privacy_Browser|Instabridge|Opera|OculusBrowser|VR|TV"
)
_PRODUCT = rf"(?: (?:like )?(?:{_NAMES})(?:/[\w.+-]+)?)"
_PLAIN = re.compile(
    rf"Mozilla/5\.0 \((?:{_PLATFORM})(?:; rv:[\d.]+)?\)"
    rf"(?: AppleWebKit/[\d.]+\+? ?\(KHTML, ?like Gecko\)(?: ?Gecko/\d+)?{_PRODUCT}{{0,10}}| Gecko/[\d.]+{_PRODUCT}{{1,5}}| like Gecko)"
)
_FIREFOX_MOBILE = re.compile(
    r"Mozilla/5\.0 \((?:Android(?: [\d.]+)?|Mobile|Tablet)(?:; [^;()]{1,60}){0,3}; rv:[\d.]+\) Gecko/[\d.]+ Firefox/[\d.]+(?: KAIOS/[\d.]+)?",
    re.IGNORECASE,
)
_INTERNET_EXPLORER = re.compile(
    r"Mozilla/[45]\.0 \((?:compatible; MSIE [\d.]+\w?; )?Windows NT \d+\.\d+(?:; (?:WOW64|Win64|x64|Trident/[\d.]+|Touch|\.NET[\w. ]*|SLCC\d|"
    r"Media Center PC [\d.]+|InfoPath\.\d|Tablet PC [\d.]+|rv:[\d.]+|SV1|GTB[\d.]+|MAARJS|MALNJS|MDDRJS|MDDCJS|LCJB|ASU2JS|TNJB|Zune [\d.]+|MS-RTC LM \d|BRI/\d)){0,25}\)(?: like Gecko)?"
)
_OPERA = re.compile(r"Opera/9\.80 \([^()]*(?:\([^()]*\)[^()]*)*\) Presto/[\d.]+ Version/[\d.]+")
_HUMAN = Verdict("human", 0.95, ("browser_plain",))


def _plain(request: Request) -> Verdict | None:
    agent = request.user_agent
    if (
        _PLAIN.fullmatch(agent)
        or _FIREFOX_MOBILE.fullmatch(agent)
        or _INTERNET_EXPLORER.fullmatch(agent)
        or _OPERA.fullmatch(agent)
    ):
        return _HUMAN
    return None


_APPS = Screened(
    r"\[FB(?:AN|AV|_IAB|LC)|\bFB(?:AN|AV|_IAB|IOS)/|MetaIAB|\bInstagram \d|\bBarcelona \d|\[LinkedInApp\]|\bLinkedInApp/|\bTwitter for |\bTwitterAndroid|\bLine/[\d.]+|\bKAKAOTALK\b|"
    r"MicroMessenger/|\bWeChat/|\bWeibo\b|\bQQ/\d|\bAlipay|\bDingTalk/|\bLark/|\bFeishu/|musical_ly|\btrill_|BytedanceWebview|TikTok |\bBytedance|\bSnapchat/\d|\[?Pinterest/(?:iOS|Android)|"
    r"\bTelegram-?(?:Android|iOS)|\bViber/\d|\bWhatsApp/|\bZalo (?:iOS|android)|\bNAVER\(inapp|\bGSA/|\bDuckDuckGo/|\bReddit/(?:Version|\d)|\bDiscord(?:-iOS|Android|/\d)|\bSlack(?:_SSB)?/\d|\bTeams/\d|TeamsMobile|"
    r"\bbaiduboxapp|\bT7/\d|\bUCBrowser|\bOpera Mini|\bOpera M(?:obi|ini)|\bSogou(?:MobileBrowser|MSE)|\bMetaSr|\bYJApp|\bYahooMobile|\bCamScanner\b"
)
_SHAPE = re.compile(r"(?:Mozilla/\d\.\d|Opera/\d+\.\d+) \(.{3,}|UCWEB/|(?:\(null\) )?(?:LightSpeed )?\[FBAN")
_NOT_PEOPLE = Screened(
    r"\+http|https?://|compatible; (?!MSIE)|headless|crawl|spider|(?<!cu)bot(?![a-z])|preview|(?<!cam)scan(?:ner)?\b|lighthouse|monitor",
    re.IGNORECASE,
)
_IN_APP = Verdict("human", 0.9, ("browser_in_app",))


def _in_app(request: Request) -> Verdict | None:
    agent = request.user_agent
    if _SHAPE.match(agent) and _APPS.search(agent) and not _NOT_PEOPLE.search(agent):
        return _IN_APP
    return None


PLAIN = Rule("browser_plain", _plain, {"browser_plain": "A browser or mail view; every word of it is a known one's."})
IN_APP = Rule("browser_in_app", _in_app, {"browser_in_app": "The browser inside an application."})
