"""Each family of user agents, by cases of our own: none of them comes from a labelled sample."""

import pytest

from app.classification.classifier import classify
from app.classification.model import HitFacts

WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
BLINK = "AppleWebKit/537.36 (KHTML, like Gecko)"

PEOPLE = {
    "desktop": [
        # Outlook in all its forms
        "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.14326; Pro)",
        "Microsoft Office/15.0 (Windows NT 6.1; Microsoft Outlook 15.0.4420; Pro)",
        "Microsoft Office/16.0 (Microsoft Outlook Mail 16.0.6416; Pro)",
        "Mozilla/4.0 (compatible; ms-office; MSOffice rmj)",
        "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; WOW64; Trident/7.0; .NET4.0C; .NET4.0E; Microsoft Outlook 16.0.9226; ms-office; MSOffice 16)",
        "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; Microsoft Outlook 16.0.5188; rv:11.0) like Gecko",
        "MacOutlook/16.66.22100900 (Intelx64 Mac OS X Version 12.6 (Build 21G115))",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X) Microsoft Outlook 16.43.1108.0",
        "Outlook-Express/7.0 (MSIE 7.0; Windows NT 6.1; WOW64; Trident/7.0; TmstmpExt)",
        f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {BLINK} Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0 OneOutlook/1.2023.1214.201",
        "Microsoft Office Word/16.89 (Mac OS/14.6; Desktop; en-GB; AppStore; Apple/MacBookPro18,3)",
        # Apple, Mozilla and others
        f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_6) {WEBKIT}",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_9_5) AppleWebKit/600.8.9 (KHTML, like Gecko)",
        "Mail/3696.120.41.1.1 CFNetwork/1335.0.3 Darwin/21.6.0",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Thunderbird/128.4.3",
        "Mozilla/5.0 (X11; Linux x86_64; rv:102.0) Gecko/20100101 Thunderbird/102.15.0",
        "Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Betterbird/115.9.0",
        "Mozilla/5.0 (Windows NT 10.0; WOW64; rv:52.9) Gecko/20100101 Goanna/4.8 Firefox/68.9 Postbox/7.0.61",
        "Mozilla/5.0 (X11; Linux x86_64; rv:60.0) Gecko/20100101 Firefox/60.0 SeaMonkey/2.53.18",
        f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {BLINK} Mailbird/2.9.83.0 Chrome/103.0.5060.114 Safari/537.36",
        f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {BLINK} Chrome/96.0.4664.174 Safari/537.36 eM Client/9.2.1735.0",
        f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {BLINK} Mailspring/1.13.3 Chrome/116.0.5845.228 Electron/26.6.1 Safari/537.36",
        f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {BLINK} Superhuman/1030.0.16 Chrome/122.0.6261.156 Electron/29.4.0 Safari/537.36",
        f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {BLINK} Slack/4.38.125 Chrome/124.0.6367.243 Electron/30.1.2 Safari/537.36",
        f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {BLINK} Teams/1.7.00.7956 Chrome/114.0.5735.289 Electron/25.8.1 Safari/537.36",
        "Spark/3.17.4 CFNetwork/1494.0.7 Darwin/23.4.0 (Macintosh)",
        "Mozilla/4.0 (compatible; Lotus-Notes/6.0; Windows-NT)",
        "Lotus-Notes/5.0; Windows-NT",
        "The Bat! 9.1.18",
        f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} Version/16.0 Safari/605.1.15 Evolution/3.46.4",
        # browsers, for web mail
        f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {BLINK} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.2903.86",
        f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {BLINK} Chrome/130.0.0.0 Safari/537.36 OPR/115.0.0.0",
        f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {BLINK} Chrome/128.0.0.0 YaBrowser/24.10.0.0 Safari/537.36",
        f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {BLINK} Chrome/126.0.0.0 Whale/3.27.254.15 Safari/537.36",
        f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {BLINK} Chrome/129.0.0.0 Safari/537.36",
        "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
        f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Version/18.1 Safari/605.1.15",
        "Mozilla/5.0 (Windows NT 6.3; Trident/7.0; Touch; rv:11.0) like Gecko",
        "Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; Trident/6.0)",
        "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; WOW64; Trident/4.0; SLCC2; .NET CLR 2.0.50727; Tablet PC 2.0)",
        f"Mozilla/5.0 (PC; OpenHarmony 5.0) {BLINK} Chrome/114.0.0.0 Safari/537.36 ArkWeb/4.1.6.1 HuaweiBrowser/5.0.4.300",
        "Opera/9.80 (Windows NT 6.1; WOW64) Presto/2.12.388 Version/12.18",
    ],
    "mobile": [
        "Outlook-iOS/723.4027091.prod.iphone (4.2335.1)",
        "Outlook-Android/2.0",
        "Outlook-iOS/2.0",
        f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_7 like Mac OS X) {WEBKIT} Mobile/15E148",
        f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) {WEBKIT} CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1",
        f"Mozilla/5.0 (iPhone; CPU iPhone OS 16_6 like Mac OS X) {WEBKIT} GSA/317.0.634488990 Mobile/15E148 Safari/604.1",
        f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) {WEBKIT} Mobile/15E148 Instagram 315.0.2.17.103 (iPhone15,2; iOS 17_0; en_GB; en; scale=3.00; 1179x2556; 549352443)",
        f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_6_1 like Mac OS X) {WEBKIT} Mobile/21G93 [FBAN/FBIOS;FBAV/478.0.0.29.102;FBBV/636410741;FBDV/iPhone14,5;FBMD/iPhone;FBSN/iOS;FBSV/17.6.1;FBSS/3;FBID/phone;FBLC/en_US;FBOP/5]",
        f"Mozilla/5.0 (iPhone; CPU iPhone OS 16_7 like Mac OS X) {WEBKIT} Mobile/15E148 Safari Line/14.8.0",
        "Spark/2.11.20 (iPhone; iOS 15.4; Scale/3.00)",
        "MobileMail/3774.300.61 CFNetwork/1494.0.7 Darwin/23.4.0 (iPhone)",
        f"Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/AP2A.240805.005; wv) {BLINK} Version/4.0 Chrome/127.0.6533.103 Mobile Safari/537.36",
        f"Mozilla/5.0 (Linux; Android 10; K) {BLINK} Chrome/131.0.0.0 Mobile Safari/537.36",
        f"Mozilla/5.0 (Linux; Android 12; SM-G991B Build/SP1A.210812.016; wv) {BLINK} Version/4.0 Chrome/114.0.0.0 Mobile Safari/537.36 SamsungEmail/6.1.82",
        f"Mozilla/5.0 (Linux; Android 9; CUBOT_X18_Plus) {BLINK} Chrome/120.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Android 13; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0",
        "Dalvik/2.1.0 (Linux; U; Android 13; SM-A546B Build/TP1A.220624.014)",
        f"Mozilla/5.0 (Linux; U; Android 11; en-US; RMX2185 Build/RP1A.200720.011) {BLINK} Version/4.0 Chrome/100.0.4896.58 UCBrowser/13.4.2.1307 Mobile Safari/537.36",
        f"Mozilla/5.0 (Phone; OpenHarmony 5.0) {BLINK} Chrome/114.0.0.0 Safari/537.36 ArkWeb/4.1.6.1 Mobile HuaweiBrowser/5.0.4.300",
        f"Mozilla/5.0 (Linux; Android 12; HarmonyOS; NOH-AN00; HMSCore 6.13.0.352) {BLINK} Chrome/114.0.5735.196 HuaweiBrowser/15.0.4.312 Mobile Safari/537.36",
        "Mozilla/5.0 (Mobile; Nokia 8110 4G; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5",
        "Opera/9.80 (Android; Opera Mini/36.2.2254/191.303; U; en) Presto/2.12.423 Version/12.16",
        "UCWEB/2.0 (MIDP-2.0; U; Adr 9; en-US; SM-J600G) U2/1.0.0 UCBrowser/10.9.8.1006 U2/1.0.0 Mobile",
        "Mozilla/5.0 (BB10; Touch) AppleWebKit/537.10+ (KHTML, like Gecko) Version/10.0.9.2372 Mobile Safari/537.10+",
        "Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/52.0.2743.116 Mobile Safari/537.36 Edge/15.15254",
        f"Mozilla/5.0 (Linux; Android 13; 2201117TG Build/TKQ1.221114.001; wv) {BLINK} Version/4.0 Chrome/120.0.6099.144 Mobile Safari/537.36 MicroMessenger/8.0.44.2502 WeChat/arm64",
        "NaverMailApp/2.5.6 (Android 13; SM-S911N)",
    ],
    "tablet": [
        f"Mozilla/5.0 (iPad; CPU OS 17_6 like Mac OS X) {WEBKIT} Mobile/15E148",
        f"Mozilla/5.0 (iPad; CPU OS 16_7 like Mac OS X) {WEBKIT} Version/16.6 Mobile/15E148 Safari/604.1",
        "Outlook-iOS/723.4027091.prod.ipad (4.2335.1)",
        f"Mozilla/5.0 (Linux; Android 13; SM-X700) {BLINK} Chrome/124.0.0.0 Safari/537.36",
        f"Mozilla/5.0 (Linux; Android 14; Pixel Tablet) {BLINK} Chrome/126.0.0.0 Safari/537.36",
        f"Mozilla/5.0 (Linux; Android 10; MediaPad M5 lite) {BLINK} Chrome/100.0.0.0 Safari/537.36",
        f"Mozilla/5.0 (Linux; Android 11; KFTRPWI) {BLINK} Silk/120.2.1 like Chrome/120.0.6099.144 Safari/537.36",
        f"Mozilla/5.0 (X11; Linux x86_64) {BLINK} Silk/47.1.79 like Chrome/47.0.2526.80 Safari/537.36",
        "Mozilla/5.0 (Android 12; Tablet; rv:128.0) Gecko/128.0 Firefox/128.0",
        "Dalvik/2.1.0 (Linux; U; Android 12; SM-T975 Build/SP2A.220305.013)",
        f"Mozilla/5.0 (Tablet; OpenHarmony 5.0) {BLINK} Chrome/114.0.0.0 Safari/537.36 ArkWeb/4.1.6.1 HuaweiBrowser/5.0.4.300",
        "Mozilla/5.0 (PlayBook; U; RIM Tablet OS 2.1.0; en-US) AppleWebKit/536.2+ (KHTML, like Gecko) Version/7.2.1.0 Safari/536.2+",
        f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_5) {WEBKIT} CriOS/126 Version/11.1.1 Safari/605.1.15",
    ],
    "unknown": [
        "Mozilla/5.0 (PlayStation; PlayStation 5/9.00) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Safari/605.1.15",
        "Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/94.0.4606.128 Safari/537.36",
        f"Mozilla/5.0 (Linux; Android 9; AFTKA) {BLINK} Silk/112.4.1 like Chrome/112.0.5615.213 Safari/537.36",
    ],
}

MACHINES = {
    "image_proxy": [
        "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
        "Mozilla/5.0 (Windows; U; Windows NT 5.1; de; rv:1.9.0.7) Gecko/2009021910 Firefox/3.0.7 (via ggpht.com)",
        "Mozilla/5.0 SeznamEmailProxy/2.0.174",
        "FastmailUA/1.0",
        "Shortwave Image Fetcher",
    ],
    "privacy_prefetch": [
        "Mozilla/5.0",
        " Mozilla/5.0 ",
        f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {BLINK} Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0",
    ],
    "scanner": [
        "Barracuda Sentinel (EE)",
        "Mozilla/5.0 (compatible; Mimecast)",
        "CiscoSecureEmail/1.0",
        "TMES",
        "Proofpoint URL Defense",
        "Mozilla/5.0 (compatible; FireEye)",
        "Symantec-Messaging-Gateway",
        "virustotal",
    ],
    "link_preview": [
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) {WEBKIT} Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
        "Twitterbot/1.0",
        "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
        "Slack-ImgProxy (+https://api.slack.com/robots)",
        "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
        f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {BLINK} Chrome/116.0.0.0 Safari/537.36; MicrosoftPreview/2.0; +https://aka.ms/MicrosoftPreview",
        "Snap URL Preview Service; bot; snapchat; https://developers.snap.com/robots",
        "Mozilla/5.0 (compatible; vkShare; +http://vk.com/dev/Share)",
        "Viber",
        f"Mozilla/5.0 (Linux; Android 10; K) {BLINK} Chrome/120.0.0.0 Mobile Safari/537.36 GoogleMessages/20",
        "http.rb/5.1.1 (Mastodon/4.2.1; +https://mastodon.example/)",
    ],
    "crawler": [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 8_3 like Mac OS X) AppleWebKit/600.1.4 (KHTML, like Gecko) Version/8.0 Mobile/12F70 Safari/600.1.4 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ClaudeBot/1.0; +claudebot@anthropic.com)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; ChatGPT-User/1.0; +https://openai.com/bot",
        "Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)",
        "Mozilla/5.0 (compatible; Site24x7)",
        "Feedly/1.0 (+http://www.feedly.com/fetcher.html; like FeedFetcher-Google)",
        "NetNewsWire (RSS Reader; https://netnewswire.com/)",
        "ia_archiver (+http://www.alexa.com/site/help/webmasters; crawler@alexa.com)",
        "Screaming Frog SEO Spider/19.0",
        "Mozilla/5.0 (compatible; NeverHeardOf/1.0)",
        f"Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) {BLINK} Chrome/112.0.0.0 Mobile Safari/537.36 (compatible; Bytespider; spider-feedback@bytedance.com)",
    ],
    "script": [
        "", "-", "Mozilla/4.0", "Mozilla",
        "curl/8.4.0", "Wget/1.21.3", "python-requests/2.31.0", "python-httpx/0.27.0", "Python/3.11 aiohttp/3.9.1", "Go-http-client/2.0",
        "Java/17.0.2", "Apache-HttpClient/5.2 (Java/17)", "okhttp/5.0.0-alpha.11", "Ruby", "Faraday v1.10.3", "Typhoeus - https://github.com/typhoeus/typhoeus",
        "GuzzleHttp/7", "PHP/8.2.10", "Symfony HttpClient/Curl", "node", "node-fetch", "undici", "axios/1.7.2", "PostmanRuntime/7.39.0",
        "libwww-perl/6.72", "Mojolicious (Perl)", "reqwest/0.12.4", "RestSharp/106.15.0.0", "Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.19041.1682",
        "Dart/3.4 (dart:io)", "Alamofire/5.9.1", "Lua-resty-http", "HTTPie/3.2.2", "Deno/1.44.0", "Bun/1.1.20", "Microsoft Office Existence Discovery",
        f"Mozilla/5.0 (X11; Linux x86_64) {BLINK} HeadlessChrome/125.0.0.0 Safari/537.36",
        f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {BLINK} Chrome/118.0.0.0 Safari/537.36 Cypress/13.3.0",
        "MyCompanyTool/1.0", "SomeGame/12 CFNetwork/1410.0.3 Darwin/22.6.0", "Microsoft-CryptoAPI/10.0", "asdf", "🤖",
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("device", "agent"), [(device, agent) for device, agents in PEOPLE.items() for agent in agents]
)
def test_a_person_is_a_person_on_the_right_device(device: str, agent: str) -> None:
    found = classify(HitFacts(agent))
    assert (found.open_class, found.device) == ("human", device), found


@pytest.mark.parametrize(("kind", "agent"), [(kind, agent) for kind, agents in MACHINES.items() for agent in agents])
def test_a_machine_is_named_for_what_it_is(kind: str, agent: str) -> None:
    found = classify(HitFacts(agent))
    assert (found.open_class, found.device) == (kind, "unknown"), found
