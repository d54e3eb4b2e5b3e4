"""Security products that open mail before its reader does, and tools that look for holes. Those that pose as a browser
only timing and networks show."""

from app.classification.tokens import Token, token_rule

RULE = token_rule(
    "scanners",
    "scanner",
    0.95,
    (
        Token("scanner_barracuda", r"\bBarracuda(?:central|networks)?", "Barracuda checks mail."),
        Token("scanner_mimecast", r"\bMimecast", "Mimecast checks mail."),
        Token("scanner_proofpoint", r"\bProof ?point|\bPPEPROD\b", "Proofpoint checks mail."),
        Token(
            "scanner_cisco",
            r"\bCisco[ -]?(?:Secure|Email|ESA|IronPort|Umbrella|Talos|AMP)|\bIronPort\b",
            "Cisco Secure Email checks mail.",
        ),
        Token(
            "scanner_trend_micro",
            r"\bTMES\b|\bTrend ?Micro|\bTMASE\b|\bHosted ?Email ?Security",
            "Trend Micro checks mail.",
        ),
        Token("scanner_symantec", r"\bSymantec|\bMessage ?Labs\b|\bBroadcom ?Email", "Symantec checks mail."),
        Token(
            "scanner_trellix",
            r"\bFire ?Eye\b|\bTrellix\b|\bMcAfee ?(?:Web|Email|Gateway|SaaS)",
            "Trellix (FireEye) checks mail.",
        ),
        Token(
            "scanner_microsoft",
            r"\bOffice 365 Connectors|\bSafe ?Links\b|\bMicrosoft ?(?:Defender|ATP|Exchange Online Protection)\b|\bMSFT ?Detonat[a-z]*|^Exchange Online Protection|^Microsoft[ -]Exchange\b|^Defender\w*",
            "Microsoft's mail protection follows links and images.",
        ),
        Token(
            "scanner_google",
            r"\bGoogle-?Safety\b|\bGoogle-?Safe-?Browsing|\bSafe ?Browsing\b",
            "Google's safety scanner.",
        ),
        Token("scanner_hubspot", r"\bHubSpot Connect\b", "HubSpot's link checker."),
        Token("scanner_scmguard", r"\bSCMGUARD\b", "SCM Guard checks mail."),
        Token(
            "scanner_mail_security",
            r"\bSophos|\bForcepoint|\bWebsense|\bForti(?:Mail|Guard|Sandbox|net)|\bZscaler|\bAvanan\b|\bCheck ?Point ?(?:Harmony|Software|Email|Threat)|"
            r"\bPerception ?Point|\bAbnormal ?Security|\bAgari\b|\bCofense|\bPhishMe\b|\bKnowBe4|\bINKY\b|\bIRONSCALES|\bVade ?(?:Secure|Retro)|"
            r"\bHornet ?security|\bSpam ?Titan|\bTitanHQ|\bSpam ?Experts|\bLibraesva|\bCloudmark|\bTrustwave|\bNetskope|\bBlue ?Coat|\bRetarus|"
            r"\bVotiro|\bTessian|\bEgress ?Defend|\bMailGuard|\bMail ?Marshal|\bSpam ?Assassin|\brspamd|\bClam ?AV|\bMailScanner|\bMessageSniffer|"
            r"\bKaspersky ?(?:Labs?|Security|Secure|Mail|Anti[a-z]*)|\bKlHttpClient|\bBitdefender ?(?:Gravity[a-z]*|Mail|Link|Scan[a-z]*|Traf[a-z]*)|\bESET ?(?:Mail|Link|NOD)|\bAvira ?(?:URL|Scan[a-z]*|Cloud)|"
            r"\bPalo ?Alto(?:networks)?|\bWildFire\b|\bArea ?1\b|\bGreatHorn|\bMailRoute|\bEdgeWave|\bZix\b|\bAppRiver|\bSpamhaus|\bPhish(?:Tank|Labs|Fort|Bucket)|\bStopSpam|\bEmail ?(?:Security|Protection|Gateway|Scanner)|\banti[ -]?(?:phish(?:ing)?|malware|spam|virus)",
            "A mail-security product that names itself.",
        ),
        Token(
            # Makers whose names browsers and their add-ons carry too: here the name comes first, as no browser's does.
            "scanner_vendor",
            r"(?:^|\bcompatible; ?)(?:Kaspersky|ESET|Bitdefender|Webroot|F-?Secure|WithSecure|AhnLab|Avira|Avast|AVG|Norton|Dr\.? ?Web|G ?Data|Malwarebytes|"
            r"Panda ?(?:Security|Antivirus|Cloud)|Check ?Point|Area ?1|Crowd ?Strike|Sentinel ?One|Darktrace|Cyren|SonicWall|WatchGuard|VIPRE|Menlo ?Security|"
            r"Sublime ?Security|Clearswift|NoSpamProxy|MailCleaner|Mailinblack|Altospam|SEPPmail|Heimdal\b|Vade\b|SURBL\b)",
            "A maker of security products, by its name alone.",
        ),
        Token(
            "scanner_probe",
            r"\bzgrab|\bNmap\b|\bmasscan|\bsqlmap|\bnikto\b|\bnuclei\b|\bdir-?buster|\bgobuster|\bffuf|\bwfuzz|\bacunetix|\bWPScan|\bArachni|\bNetsparker|\bOpenVAS|\bNessus|"
            r"\bburp(?:suite)?|\bleakix|\bl9(?:explore|tcpid)|\bLkx-|\bw3af|\bskipfish|\bJorgee|\bhttpx - Open-source|\$\{jndi:|\boast\.(?:pro|live|site|online|fun|me)\b|\bBitSight|\bSecurityScorecard|\bUpGuard|"
            # what is tried on servers through this header: SQL, paths, scripts
            r"\bwaitfor delay|\border by \d|\bwhere \d+=\d+|' ?(?:or|and) |\.\./|</?script|\bsleep\(|\balert\(",
            "A tool or service that looks for holes in servers.",
        ),
        Token(
            "scanner_sandbox",
            r"virustotal[a-z]*|\burlscan(?:ner)?|\bJoe ?Sandbox|\bCuckoo|\bany\.run\b|\bHybrid-?Analysis|\bTwinWave|\bURLhaus|\bOpenPhish|\bNetcraft\b(?!.*SSL)|"
            r"\bSucuri|\bAssetnote|\bwatchTowr|\bDetectify|\bCensys|\bShodan|\bQualys|\bRapid7|\bTenable|\bRecorded ?Future|\bThreat ?(?:Grid|Hunter|Intel(?:ligence)?)|\bDetonat(?:e|ion)\b",
            "A sandbox or reputation service.",
        ),
        Token(
            "scanner_named",
            r"(?<!Cam)(?<!Doc)scanner\b|\bscanning\b|[a-z](?<!Cam)scan[/ )]",
            "It names itself a scanner.",
        ),
    ),
)
