"""Mail providers that load images for the reader at the moment of reading: an open, but device and place are theirs."""

from app.classification.tokens import Token, token_rule

RULE = token_rule(
    "image_proxies",
    "image_proxy",
    0.95,
    (
        Token("proxy_gmail", r"GoogleImageProxy|via ggpht\.com", "Gmail shows images through its proxy."),
        Token("proxy_yahoo", r"Yahoo! ?Mail ?Proxy|YahooMailProxy", "Yahoo and AOL show images through a proxy."),
        Token("proxy_fastmail", r"\bFastmailUA/", "Fastmail shows images through its servers."),
        Token("proxy_yandex", r"YandexImageResizer|YandexMailProxy", "Yandex Mail shows images through its resizer."),
        Token("proxy_seznam", r"SeznamEmailProxy", "Seznam Email shows images through its proxy."),
        Token("proxy_hey", r"\bhey\.com/image-?proxy", "HEY shows images through its proxy (its own documentation)."),
        Token("proxy_superhuman", r"(?:\(via )?\bSuperhumanProxy\b", "Superhuman shows images through its proxy."),
        Token("proxy_rambler", r"RamblerMail/", "Rambler Mail shows images through its proxy."),
        Token(
            "proxy_outlook", r"Outlook-?ImageProxy", "Outlook.com shows images through a proxy (on lists; not seen)."
        ),
        Token("proxy_shortwave", r"Shortwave Image Fetcher", "Shortwave shows images through its fetcher."),
        Token(
            "proxy_mail",
            r"mail[\w.]{0,20}[ _-]?(?:image[ _-]?|img[ _-]?)?proxy|(?<!private)image[ _-]?proxy\b(?!.*https?:)|\(via [\w. ]{0,40}proxy\b",
            "It names itself a mail provider's image proxy.",
        ),
    ),
)
