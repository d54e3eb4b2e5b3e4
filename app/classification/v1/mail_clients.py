"""Mail programs that load images themselves, on the reader's device. Bot lists call several of them bots."""

from app.classification.tokens import Token, token_rule

_APPS = (
    # native applications that name themselves in front of CFNetwork, Dalvik or their own HTTP library
    r"mail|mobilemail|e-?mail|apple ?mail|spark|readdle ?spark|airmail|mailmate|mimestream|canary(?: ?mail)?|edison(?: ?mail)?|newton|spark ?desktop|"
    r"polymail|blue ?mail|em ?client|postbox|boxer|superhuman|missive|spike|spikenow|unibox|kiwi|inky|preside|mymail|"
    r"alta ?mail|mail ?plane|mail ?pilot|mail ?butler|unibox|sparrow|nylas ?mail|boxy ?suite|mail ?spring|gyaz ?mail|mail ?bird|twobird|cloudmagic|yahoo!? ?mail|aol ?mail|gmail|proton ?mail|tutanota|tuta|fastmail|zoho ?mail|gmx(?: ?mail)?|web\.de(?: ?mail)?|"
    r"naver ?mail(?:app)?|foxmail|qq ?mail|mail ?master(?:pc|_android_mobile)?|samsung ?email|outlook|macoutlook|"
    r"microsoft ?outlook|worxmail|citrix ?secure ?mail|blackberry-workconnect|nine|aqua ?mail|k-?9(?: ?mail)?|fair ?email|"
    r"type ?mail|mail\.ru|yandex[. ]?mail|email\.app|maildroid|profimail|thunderbird|betterbird|hey|mailspring|front|shortwave|notion ?mail"
)
_EDITION = (
    r"(?:v?\d{1,4}|pro|plus|lite|free|beta|dev|zero|app|desktop|mobile|mail|client|suite|"
    r"(?:for<blank>)?(?:mac|macos|ios|iphone|ipad|gmail))"
)
"""What names of applications end with: `Airmail 3`, `Spark Desktop Beta`, `Kiwi for Gmail`."""
_BLANK = "(?: |%20)"
"""CFNetwork writes an application's name as it is in an address."""
_APP_START = (
    r"^(?:[a-z0-9-]{1,40}\.){0,5}"  # or its bundle's: `com.apple.mail`
    rf"(?:{_APPS})(?:(?:<blank>|[_-])?{_EDITION}){{0,4}}/[\d.]".replace(" ?", "<blank>?").replace("<blank>", _BLANK)
)
_ON_DEVICE = r"[^\n]*(?:CFNetwork/|Darwin/|\((?:iPhone|iPad|iOS|Macintosh|Mac OS|Windows|Linux|Android)|Dalvik/|Android \d|okhttp/)"

RULE = token_rule(
    "mail_clients",
    "human",
    0.9,
    (
        Token(
            "client_outlook",
            r"\bms-office\b|\bMSOffice \d|Microsoft Outlook|Microsoft Office Outlook|MacOutlook/|\bOneOutlook/|"
            r"^Microsoft Office(?: (?:Word|Excel|PowerPoint|OneNote|Mail))?/\d|^Microsoft Office/\d|Outlook[ -]Express[/ ]|\bEntourage/\d",
            "Outlook on a computer loads images itself, from the reader's address.",
        ),
        Token(
            "client_outlook_mobile",
            r"\bOutlook-(?:iOS|Android)\b|com\.microsoft\.(?:Office\.)?Outlook",
            "Outlook on a phone or tablet.",
        ),
        Token(
            "client_windows_mail",
            r"\bWindows-?Mail/|Windows[ -]?Live[ -]?Mail|WindowsCommunicationsApps",
            "Windows Mail.",
        ),
        Token(
            "client_thunderbird",
            r"\b(?:Thunderbird|Icedove|Betterbird|Shredder|Spicebird|Eudora|Postbox|Penelope)[/ ]\d(?!.*(?:bot|crawl|\+http|http:))",
            "Thunderbird or one of its relatives.",
        ),
        Token("client_notes", r"\bLotus-?Notes\b|\bHCL[ -]?Notes\b|IBM ?Notes", "Lotus, IBM or HCL Notes."),
        Token(
            "client_desktop",
            r"\bThe ?Bat!|\bMailbird[/ ]|\beM[ _]?Client/|\bMailspring/|\bAirmail[/ ]\d|\bFoxmail[/ ]|\bBarca(?:Pro)?/|\bIncrediMail|"
            r"\bBecky!|\bPegasus Mail|\bMailMate\b|\bMimestream\b|\bClaws ?Mail|\bEvolution/\d|\bKMail2?/|\bGeary/|\bSylpheed|"
            r"\bTutanota(?:-desktop)?/|\bProton ?Mail[/ ]\d|\bSuperhuman/|\bMissive/|\bFront/\d|\bZimbra Desktop|\bKiwi for Gmail|\bShiftApp|"
            r"\bMailMaster(?:PC)?/|\bWavebox/|\bRambox|\bFranz/|\bFerdium?/|\bStation/|\bMailSteward|\bGyazMail|\bPoco ?Mail|\bMailBar/|\bApple Mail \(|\bZimbraDesktop|\bZoho(?:Trident|Mail)\w*/|\bBlueMail/|\bCanary ?Mail",
            "A mail program for computers.",
        ),
        Token(
            "client_named",
            r"\b(?:air|aqua|blue|claws|daum|fair|fox|mac|nylas|pegasus|poco|poly|proton|samsung|yahoo)[ -]?e?mail(?:-desktop| app| bridge)?[/ ]\d|"
            r"^(?:balsa|canary|kontact|newton|sparrow|spark ?desktop|trojita|r2mail2|zdesktop|zohomail-desktop)[/ ]\d|^Android/[\d.]+-e-?mail\b",
            "A mail program by its name and version.",
        ),
        Token(
            "client_mobile",
            r"\bK-9 ?Mail|\bK-9/|\bFairEmail|\bAquaMail|\bSamsung ?Email|\bSamsungEmail|\bNaverMailApp/|\bAndroid-Gmail|com\.google\.Gmail|"
            r"com\.google\.android\.gm\b|\bMailMaster_Android|\bmailapp/\d|\bWorxMail/|\bBLACKBERRY-WorkConnect/|jp\.co\.yahoo\.ymail|"
            r"\bYahooMobileMail/|\bYahooMobile(?:Messenger)?/[\d.]+ \((?:Android )?mail;|^MobileMail/|\bYahoo%20Mail/|com\.yahoo\.mobile\.client\.android\.mail|com\.easilydo\.mail|com\.samsung\.android\.email|"
            r"com\.readdle\.|me\.bluemail|ch\.protonmail|\bEdisonMail|\bTypeMail|\bMailDroid|\bSpark/\d[\d.]* \(iP|\bNine/\d",
            "A mail program for phones and tablets.",
        ),
        Token(
            "client_native_app",
            rf"{_APP_START}{_ON_DEVICE}",
            "A mail application by its name, on a device's own network library.",
        ),
        Token(
            "client_dalvik",
            r"^Dalvik/[\d.]+ \(?Linux; U; Android",
            "Android's own image loader, as several mail applications use it.",
        ),
        Token(
            "client_electron",
            r"^Mozilla/5\.0 \([^()]*\) AppleWebKit/[\d.]+ \(KHTML, like Gecko\)(?!.*(?:Pingdom|bot|crawl|spider|headless|http|cypress|testcafe|nightmare|playwright|puppeteer)).* Electron/\d",
            "A desktop application built on Electron, as many mail programs are.",
        ),
    ),
    are_stems=True,
)
