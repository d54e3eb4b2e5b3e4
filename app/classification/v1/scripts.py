"""Programs: HTTP libraries, command-line tools, browsers driven by a program, and requests without a name."""

from app.classification.model import Request, Rule, Verdict
from app.classification.tokens import Token, token_rule

_EMPTY = Verdict("script", 0.6, ("agent_empty",))
_NOTHING = frozenset(
    {
        "",
        "-",
        "_",
        "null",
        "none",
        "(null)",
        "undefined",
        "unknown",
        "user-agent",
        "nil",
        '""',
        "''",
        "*",
        "mozilla",
        "n/a",
    }
)

_TOKENS = token_rule(
    "scripts",
    "script",
    0.95,
    (
        Token(
            "driven_browser",
            r"\bHeadless|^Mozilla/5\.0 \(Unknown; Linux (?:x86_64|i686)|\bPhantomJS|\bSlimerJS|\bCasperJS|\bPuppeteer|\bPlaywright|\bSelenium|\bWeb[Dd]river|\bCypress/|\bTestCafe|\bNightmare\b|\bZombie\.js|\bHtmlUnit|\bSplash\b|"
            r"\bjsdom/|\bElectron Fetch|\bwkhtmlto[a-z]*|\bBrowserless|\bApify|\bScrapy|\bScrapfly|\bCrawlee|\bGhost Inspector|\bPrerender\b|\bRendertron|\bPrince/|\bWeasyPrint|\bCutyCapt|\bDompdf",
            "A browser without a screen, driven by a program.",
        ),
        Token(
            "library_python",
            r"\bpython-?(?:requests|urllib|httpx|opengraph)|^Python[/ -]|\burllib\d?\b|\baiohttp\b|^httpx\b|\bhttplib2\b|\bGRequests\b|\bpycurl|\burlgrabber|\bTornado/|\bTwisted|\bmechanize|\bnewspaper/|\btrafilatura|\bcurl_cffi|\bBoto3?/|\bgevent|\bniquests|\bPyOpenSSL",
            "A Python program.",
        ),
        Token(
            "library_javascript",
            r"\baxios\b|\bnode-fetch|\bnode-superagent|\bsuperagent\b|^undici|^node(?:\.js)?(?:/|$)|^got(?:[/ ]|$)|\bsindresorhus/got|^request(?:\.js)?/|\bBun/\d|^Deno/|\bneedle/\d|\bKy/\d|\bphin/|\bwreck\b|^unirest|\bminipass-fetch|\bmake-fetch-happen|^npm/|^yarn/|^pnpm/|\bPostmanRuntime|^Postman|\binsomnia/|\bReact ?Native|\bExpo/|\bmake-fetch",
            "A JavaScript program.",
        ),
        Token(
            "library_java",
            r"^Java[/ ]?\d|^Java$|\bJava/\d|\bApache-HttpClient|\bApache-HttpAsyncClient|\bJakarta Commons|\bCommons-HttpClient|\bokhttp\b|^OkHttp|\bJetty\b|^Jersey/|\bReactorNetty|\bAkka[- ]http|\bpekko-http|^AHC/|\bAsyncHttpClient|\bAsync-?Http-?Client|\bHttpUrlConnection|\bHttpURLConnection|\bGoogle-HTTP-Java-Client|\bSpring(?:Boot|Web|-)|\bVert\.?x|\bNetty\b|^Dispatch/|\bscalaj|\bsttp|\bfinagle|\bRetrofit|\bVolley/|\bRESTEasy|\bgRPC-Java|\bktor\b|\bclj-http|\bunirest-java|\bcrawler4j|\bjsoup|\bMicronaut|\bQuarkus|\bJaunt\b|\bOpenJDK",
            "A Java, Kotlin or Scala program.",
        ),
        Token(
            "library_php",
            r"\bGuzzle|^PHP\b|\bPHP/\d|\bPHP-Curl|\bSymfony\b|\bZend_?Http|\bLaminas|\bPEAR\b|\bHTTP_Request|\bSnoopy|\bWordPress/|\bDrupal\b|\bJoomla|\bMagento|\bLaravel|\bCakePHP|\bCodeIgniter|\bBuzz/|\bphpcrawl|\bReactPHP|\bMatomoTracker|\bPHPUnit",
            "A PHP program.",
        ),
        Token(
            "library_ruby",
            r"\bFaraday\b|\bTyphoeus\b|^Ruby\b|\bhttp\.rb\b|\bHTTPClient/\d|\brest-client\b|\bHTTParty|\bMechanize\b|\bExcon\b|\bCurb\b|\bEM-HttpRequest|\bhttpx\.rb|\bDown/\d|\bCarrierWave|\bManticore|\bPatron/",
            "A Ruby program.",
        ),
        Token(
            "library_go",
            r"\bGo-http-client|^Go \d|^Go-|^Golang|\bgo-resty|\bresty\b|\bfasthttp|\bcolly\b|\bGRequests|\bgorequest|\bheimdall|^imroc/req|^req/v|\bquic-go|\bgocolly",
            "A Go program.",
        ),
        Token(
            "library_perl",
            r"\blibwww-perl|\blwp[-:]|^LWP|\bWWW-Mechanize|\bHTTP[-:]+Tiny|^Mojolicious|\bPerl\b|\bAnyEvent|\bFuri?l/|\bFurl/",
            "A Perl program.",
        ),
        Token(
            "library_rust",
            r"\breqwest\b|\bhyper/\d|\bureq/|\bisahc|\bactix|\bawc/|\bsurf/\d|^rust\b",
            "A Rust program.",
        ),
        Token(
            "library_dotnet",
            r"\bRestSharp|\.NET(?: Framework| Core)?/\d|\bSystem\.Net|\bHttpClient/|^HttpClient|\bFlurl|\bWindows ?PowerShell|\bPowerShell/|\bWinHttp(?:request)?|\bWinInet|\bMicrosoft WinRM|\bMicrosoft-(?:CryptoAPI|WebDAV|Delivery)|\bMicrosoft BITS|\bMicrosoft URL Control|\bMicrosoft Data Access|\bMicrosoft Office (?:Existence|Protocol|Upload)|\bWindows-(?:Update|RSS)|\bMSDW\b|\bXmlHttp(?![a-z])|\bMSXML|\bIndy Library|\bDelphi|\bClever Internet|\bSynapse\)?$|\bWinHTTrack",
            "A .NET or Windows program.",
        ),
        Token(
            "library_c",
            r"\blib-?curl\b|\bcURL\b|\blibsoup\b|\bneon/|\bserf/|\bcpprest|\bC\+\+ REST|\bcpp-httplib|\bBoost\.Beast|\bQt(?:Network|Http)|\blibwww\b(?!_Mosaic)|\bESP(?:32|8266)|\bArduino|\bMicroPython|\bPcore-HTTP|\bEmbarcadero|\bLavf/|\bffmpeg|\bGStreamer|\bVLC/|\blibmpv",
            "A C or C++ program.",
        ),
        Token(
            "library_other",
            r"\bDart/\d|\bdart:io|\bAlamofire/|\bhackney/|\bHTTPoison|(?<!Linux )\bMint/\d|\bElixir|\bErlang|\bHaskell|\bLua\b|\blua-resty|\bOpenResty|\bJulia/|\blibcurl-agent|\br-curl|\bhttr/|\bR \(\d|\bMATLAB|\bSwift(?:NIO|Http)|\bAsyncHTTPClient|^Emacs|\bURL/Emacs|\bApacheBench|\bab/\d\.|\bJMeter|\bGatling|\bk6/|\bwrk/|\bhey/0|\bLocust|\bsiege|\bVegeta|\bartillery|\bPostgres(?:ql)?|\bgSOAP|\bXML-?RPC|\bSOAP\b|\bGit/|^git[/-]|^svn/|\bdocker/|\bcontainerd|\bkube-probe|\bHelm/|\bTerraform|\bAnsible|\bPuppet(?:eer)?|\bElastic(?:search)?\b|\bLogstash|\bVector/|\bConsul|\bHAProxy|\bnginx\b|\bVarnish|\bSquid|\bTraefik|\bEnvoy",
            "A program or a server's own client.",
        ),
        Token(
            "tool",
            r"\bWget\b|\bHTTPie\b|^xh/|^fetch\b|\baria2|\bLynx/|\bLinks \(|\bELinks|\bw3m/|\bHTTrack|\bDownload(?:er| Manager| ?Master|ing)\b|\bGetRight|\bFlashGet|\bLeechGet|\bFreeDownload|^FDM\b|\bOffline Explorer|\bTeleport|\bWebZIP|\bWebCopier|\bSiteSucker|\bcurl\b|\bhydra\b|\bAdvanced REST|\bPaw/\d|\bRapidAPI|\bSoapUI|\bHoppscotch|\bBruno/|\bFiddler|\bCharles/|\bTransmission/|\bqBittorrent|\buTorrent|\bBTWebClient|\bDeluge",
            "A command-line or download tool.",
        ),
        Token(
            "native_app",
            r"\bCFNetwork/[\d.]+|\bDarwin/\d+\.\d|\bCronet/|\bExoPlayer|\bAppleCoreMedia|\bstagefright|\bAndroidDownloadManager|^[\w %.+-]{1,80}/[\w.]{1,40} \([^()]{1,120}; Scale/[\d.]+\)$",
            "A native application that is not known to show mail.",
        ),
    ),
)


def _judge(request: Request) -> Verdict | None:
    return _EMPTY if request.user_agent.lower() in _NOTHING else _TOKENS.judge(request)


RULE = Rule("scripts", _judge, {**_TOKENS.says, "agent_empty": "No user agent was sent; every mail program sends one."})
