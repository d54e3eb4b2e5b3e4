"""Messengers and social networks that fetch a link to draw its preview."""

from app.classification.tokens import Token, token_rule

RULE = token_rule(
    "link_previews",
    "link_preview",
    0.95,
    (
        Token(
            "preview_facebook",
            r"facebookexternal[a-z]*|\bFacebot\b|facebookplatform|\bmeta-external(?:hit|fetcher)",
            "Facebook draws a preview; Apple's iMessage uses the same name.",
        ),
        Token("preview_slack", r"\bSlackbot|\bSlack-ImgProxy", "Slack draws a preview."),
        Token("preview_whatsapp", r"^WhatsApp\b", "WhatsApp draws a preview."),
        Token("preview_telegram", r"\bTelegramBot\b", "Telegram draws a preview."),
        Token("preview_twitter", r"\bTwitterbot\b|\bTweetmemeBot", "X (Twitter) draws a preview."),
        Token("preview_linkedin", r"\bLinkedInBot\b", "LinkedIn draws a preview."),
        Token("preview_discord", r"\bDiscordbot\b", "Discord draws a preview."),
        Token(
            "preview_microsoft",
            r"\bBingPreview\b|\bMicrosoftPreview\b|\bSkypeUriPreview\b|\bTeamsBot\b|^Microsoft Office SharePoint|Microsoft-?Teams-?LinkPreview",
            "Skype, Teams or Bing draws a preview.",
        ),
        Token(
            "preview_google",
            r"\bGoogleMessages/|Google Web Preview|\bGoogle-?PageRenderer|\bGoogle Chat\b|\bGoogleChat",
            "Google draws a preview.",
        ),
        Token("preview_apple", r"\biMessage\b|\bLinkPresentation/|\bAASA-Bot", "An Apple device draws a preview."),
        Token("preview_yahoo", r"Yahoo Link Preview|\bYahoo:LinkExpander", "Yahoo draws a preview."),
        Token("preview_snapchat", r"Snap ?URL ?Preview|\bSnapURLPreview", "Snapchat draws a preview."),
        Token("preview_reddit", r"\bredditbot\b", "Reddit draws a preview."),
        Token("preview_pinterest", r"\bPinterestbot\b|^Pinterest/0", "Pinterest draws a preview."),
        Token("preview_viber", r"^Viber(?:/[\d.]+)?$|\bViber ?Bot", "Viber draws a preview."),
        Token(
            "preview_line",
            r"facebookexternalhit.*;line-poker|\bLinespider\b|\bLINE-?(?:Preview|Poker)",
            "LINE draws a preview.",
        ),
        Token("preview_kakao", r"\bkakaotalk-scrap\b|\bKakaoTalk-?Scrap", "KakaoTalk draws a preview."),
        Token("preview_vk", r"\bvkShare\b|\bVKRobot\b|\bOdklBot\b", "VK or OK draws a preview."),
        Token(
            "preview_fediverse",
            r"\bMastodon/|\bFriendica\b|\bPleroma\b|\bMisskey/|\bSummalyBot\b|\bLemmy/|\bPixelfed|\bAkkoma\b|\bgotosocial\b|\bBluesky(?:PreviewBot|/|-)|\bCardyb/",
            "A social server draws a preview.",
        ),
        Token(
            "preview_embedder",
            r"\bEmbedly\b|\bIframely\b|\bnoembed|\bOpenGraph\.io|\bMicrolink(?:hq)?|\bPeekalink|\bLinkPreview\b|\bLink ?Unfurl|\bUnfurl(?:Bot|er|ist)?\b|\bRichLink|\bOnebox\b",
            "An embedding service draws a preview.",
        ),
        Token(
            "preview_chat",
            r"\bMattermost|\bRocket\.?Chat\b|^Synapse\b|\bSynapse \(bot|\bMatrix-?(?:Preview|Media)|\bKeybaseBot|\bGroupMeBot|\bZoom(?:Bot|Preview|-Unfurl)|\bWebexTeams|\bChatwork LinkPreview|\bDingTalkBot|\bZulip\b|^Signal(?:/|-)|\bZaloBot|\bzalo/preview|Valve/Steam|\bFeishu(?:Bot|-?Preview)|\bLarkBot|\bWire LinkPreview|\bThreema",
            "A messenger draws a preview.",
        ),
        Token(
            "preview_social",
            r"\bNING/|\bFlipboardProxy|\bTumblr/\d|\bXing ?Bot\b|\bXING-contenttab|\bQuora(?:-Bot| Link Preview)|\bMediumBot|\bBufferLink|\bBitlyBot/preview|\bNextdoorBot|\bTrelloBot|\bNotion(?:Embedder|/1\.0 \(https?)|\bAsana/|\bJira ?Link|\bAtlassian ?Link|\bEvernoteRichLink|\bGitHub-?Camo",
            "A site draws a preview.",
        ),
        Token(
            "preview_named",
            r"\b(?:page|site|message|rich)[ _-]?previe?w(?:er|ers|s|ing)?|(?:url|link)[ _-]?previe?w(?:er|ers|s|ing)?",
            "It names itself a link preview.",
        ),
    ),
)
