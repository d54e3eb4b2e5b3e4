/** Texts of the dialog that puts My engagement on another page. */
import type { Message } from '../plural';

export const embed = {
  'embed.open': 'Embed',
  'embed.title': 'Show these numbers on another page',
  'embed.what': 'One line of HTML shows your week on a page of your own: an intranet, a portal, a dashboard. It sets no cookie and keeps nothing on the device.',
  'embed.site': 'Site that will show it',
  'embed.site.help': 'Browsers hand your numbers only to pages of this site.',
  'embed.site.wrong': 'Enter the address of a site, such as https://intranet.example.',
  'embed.public': 'Whoever can see that page can see your numbers, and the key in its source. The key opens nothing else.',
  'embed.make': 'Make the line',
  'embed.making': 'Making it',
  'embed.keyName': 'Widget on {site}',
  'embed.tooMany': 'You have as many keys as one person may have. Revoke one that is no longer used.',
  'embed.failed': 'The key was not made. Try again.',
  'embed.once': 'Copy it now: the key is shown this once.',
  'embed.snippet': 'Line for the page',
  'embed.policy': 'If the page has a content security policy, it needs these two:',
  'embed.policy.name': 'Content security policy',
  'embed.copy': 'Copy: {name}',
  'embed.more': 'It follows the page’s language, and light or dark. Numbers appear there within a minute.',
  'embed.keys': 'See and revoke your keys',
} as const satisfies Record<string, Message>;
