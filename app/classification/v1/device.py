"""The device of a person's user agent: desktop, mobile, tablet; unknown for televisions, consoles, cars and watches."""

import re

from user_agents import parse

from app.classification.tokens import Screened
from schemas.events import Device

_NEITHER = Screened(
    r"\bSMART-?TV|\bSmart-?Hub|\bWeb0S|NetCast|HbbTV|CE-HTML|\bRoku|Google ?TV|Android ?TV|Apple ?TV|tvOS|\bAFT[A-Z0-9]{1,7}\b|\bBRAVIA|\bVIERA|AQUOS[ -]?TV|"
    r"\bTV Safari|; ?TV[; )]|Chromecast|CrKey|\bMi ?TV|\bMIBOX|SHIELD Android TV|\bTV[ _-]?Box|\bSTB\b|\bBOX\b|[_ -]TV\b|\bTV\d|"
    r"PlayStation|Xbox|Nintendo|Wearable|watchOS|Apple ?Watch|\bWatch\d|Wear OS|OculusBrowser|\bQuest [23]\b|\bQuest Pro|Tesla/|QtCarBrowser|CarBrowser|automotive|Volvo Cars",
    re.IGNORECASE,
)
_TABLET_MODEL = Screened(
    r"\bTablet(?! PC)|\bNexus (?:7|9|10)\b|\bPixel C\b|\bSM-(?:T|X|P)\d{2,3}|\bGT-P\d{4}|\bGT-N(?:80|51)\d\d|\bGalaxy ?Tab|\bMedia ?Pad|\bMate ?Pad|\bHonor ?Pad|"
    r"\b(?:AGS|AGR|AGM|BAH|BTK|BTV|BZT|BZK|BZW|CMR|DBY|DBR|DTS|GOT|HEY|JDN|KOB|KRJ|MRX|MRR|SCM|SHT|VRD|WGR|XYAO|BRT|ROD|BGO|BG2|CPN|PLE|JMM|FDR)\d?-[A-Z]{1,2}\d{2}\w*|"
    r"\bLenovo (?:TB|YT|Tab|Yoga)|\bLenovo [AB]\d{4}-[HFLV]{1,2}\b|\bTB-?[A-Z]?\d{2,4}[A-Z]{0,3}\b|\bYT\d?-[A-Z]?\d|\bYoga Tab|\bIdea(?:Tab|Pad)|\b(?:Mi|Redmi|Xiaomi) ?Pad|\b2\d{3,4}[01]?RP[A-Z0-9]{2,4}\b|\bM2105K81|"
    r"\bOPD\d{4}|\b(?:OPPO|OnePlus|realme|vivo|POCO) Pad|\bRMP\d{4}|\bPA2\d{3}\b|\bSGP\d{3}|Xperia (?:Z\d? ?)?Tablet|\bSO-(?:03E|05F|05G)\b|\bLG-?V[47]\d\d|\bLG-?VK\d|\bTransformer|\bTF\d{3}|\bME\d{3}[A-Z]|ZenPad|"
    r"\bIconia|\bA[135][01][0-2]\b|\bB[13]-[A78]\d\d|\bXoom|\bMZ60\d|Xyboard|\bVenue ?(?:7|8|10)|\bArchos (?:7|8|9|10)\d|DragonTouch|\bTeclast|\bAlldocube|\biPlay ?\d|\bPIPO|\bHi ?Pad|Nokia T\d\d\b|\bPlayBook|\bNook|\bBN(?:TV|RV)\d|"
    r"\bKF[A-Z]{2,6}\b|\bKindle|\bSilk/|\w(?:Tab|TAB|Pad|PAD)\b(?<!Think[Pp]ad)(?<!Key[Pp]ad)|\b(?:Tab|TAB|Pad|PAD)(?:[ _-]\w{1,8}|\d\w{0,7})?(?=[ ;)]| Build)|/apad\b|\bM[2-6]-[A-Z]?\d{2}|\b[Tt]ab_?\d|\bTAB[_-]?\w+",
)
_PHONE_MODEL = re.compile(
    r"\bSM-[AGSFMNJE]\d{3}|\bPixel (?:\d|Fold|XL)|\bONEPLUS A|\bRMX\d{4}|\bCPH\d{4}|\bmoto [gexz]|\bMoto [GEXZ]|\bNexus [56]|\bRedmi (?!Pad)|\bTECNO|\bInfinix|\bHUAWEI (?:P\d|Mate \d)|\bphone\b",
)
_TABLET = Screened(
    r"\biPad|\bTablet(?! PC)|PlayBook|hp-tablet|TouchPad|\bKindle\b|\bSilk/|\bSilk-Accel|\bnook\b|\bKF[A-Z]{2,6}\b",
    re.IGNORECASE,
)
_PHONE = Screened(
    r"iPhone|iPod|Windows Phone|IEMobile|BlackBerry|BB10|\bMobile\b|Opera Mini|Opera Mobi|J2ME|MIDP|CLDC|Symbian|SymbOS|Series ?[346]0|KAIOS|webOS/|UCWEB|UP\.Browser|UP\.Link|"
    r"MAUI|NetFront|Nokia|SonyEricsson|DoCoMo|Bada/|MeeGo|Maemo|Sailfish|Windows CE|Palm|\bLumia\b|\bMRE/|Outlook-Android|Outlook-iOS|com\.google\.Gmail|\bMobileMail/|\(iOS|\biOS[ /]\d",
    re.IGNORECASE,
)
_DESKTOP = Screened(
    r"Windows|Win64|Win32|Win9[58]|Macintosh|Mac OS|Mac_P|MacOutlook|X11|Wayland|CrOS|Linux x86|Linux i686|FreeBSD|OpenBSD|SunOS|BeOS|Haiku|AmigaOS|OS/2|RISC ?OS|"
    r"ms-office|MSOffice|Microsoft Office|Microsoft Outlook|Outlook-Express|Lotus-?Notes|The ?Bat!|Electron/|^Mail/\d|x86_64|Thunderbird|Postbox|MailMate|MSIE|Konqueror|"
    # mail programs that say their name and no platform
    r"\beM[ _]?Client|Mailbird|\b(?:IBM|HCL) ?Notes|^Evolution/|^Geary/|^KMail|Claws ?Mail|Sylpheed|IncrediMail|^Airmail|Mailspring|Foxmail|Zimbra|"
    r"^Eudora|^Barca|^Becky!|Poco ?mail|Entourage/|Pegasus|Mimestream|^MailBar/|^Apple ?Mail|Zoho(?:Trident|Mail-Desktop)|spark(?:%20| )?desktop|"
    r"^(?:balsa|kontact|sparrow|trojita|zdesktop|polymail|nylas ?mail|claws|pegasus)\b|mail-desktop\b|mail bridge\b",
    re.IGNORECASE,
)
_MOBILE_PROGRAM = Screened(
    r"UCBrowser|\bK-9\b|^Android/|R2Mail2|FairEmail|AquaMail|Samsung ?Email|\bAndroid-Gmail|\[FBAN/FB4A|\bYahooMobile",
    re.IGNORECASE,
)
_IPAD_AS_MAC = re.compile(r"Macintosh.*(?:\bMobile/|CriOS/|FxiOS/|EdgiOS/|GSA/)")


def device_of(user_agent: str) -> Device:  # noqa: PLR0911  # one family a line, in order
    """Return the device class of a user agent; `unknown` where the string does not say."""
    if _NEITHER.search(user_agent):
        return "unknown"
    if ("Android" in user_agent or "; Adr " in user_agent) and "Windows Phone" not in user_agent:
        return _android(user_agent)
    if "OpenHarmony" in user_agent or "HarmonyOS" in user_agent:
        return _harmony(user_agent)
    if _TABLET.search(user_agent) or _IPAD_AS_MAC.search(user_agent):
        return "tablet"
    if _PHONE.search(user_agent):
        return "mobile"
    if _DESKTOP.search(user_agent):
        return "desktop"
    if _MOBILE_PROGRAM.search(user_agent):
        return "mobile"
    return _by_list(user_agent)


def _android(user_agent: str) -> Device:
    """Android tells a phone by the word `Mobile`; what says neither `Mobile` nor a phone's model is a tablet.

    Its own HTTP client (Dalvik) never says `Mobile`, so there only the model tells.
    """
    if "Chromebook" in user_agent or "CrOS" in user_agent or "Chromebox" in user_agent:
        return "desktop"
    if _TABLET_MODEL.search(user_agent):
        return "tablet"
    if "Mobile" in user_agent or not user_agent.startswith("Mozilla/") or _PHONE_MODEL.search(user_agent):
        return "mobile"
    return "tablet"


def _harmony(user_agent: str) -> Device:
    """HarmonyOS names the form first: `(Phone; OpenHarmony 5.0)`."""
    if "Tablet;" in user_agent or _TABLET_MODEL.search(user_agent):
        return "tablet"
    return "desktop" if "(PC;" in user_agent or "2in1" in user_agent else "mobile"


def _by_list(user_agent: str) -> Device:
    """Ask ua-parser's list, through user-agents, about what none of the families above knows."""
    parsed = parse(user_agent)
    if parsed.is_tablet:
        return "tablet"
    if parsed.is_mobile:
        return "mobile"
    return "desktop" if parsed.is_pc else "unknown"
