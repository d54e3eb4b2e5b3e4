/** What goes into somebody else's page. */

/** The origin of a site as people type it (`intranet.example`, `https://intranet.example/start`), or null. */
export function originOf(text: string): string | null {
  const typed = text.trim();
  if (typed === '') return null;
  try {
    const url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `https://${typed}`);
    const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
    return isWeb && url.hostname !== '' && !url.hostname.includes('*') && url.username === '' ? url.origin : null;
  } catch {
    return null;
  }
}

/** The script tag. Keys are of letters, digits, `_` and `-`: nothing in them has to be escaped. */
export const snippetOf = (host: string, key: string): string => `<script src="${host}/widget.js" data-key="${key}" async></script>`;

/** All that a strict content security policy needs. */
export const policyOf = (host: string): string => `script-src ${host}; connect-src ${host}`;
