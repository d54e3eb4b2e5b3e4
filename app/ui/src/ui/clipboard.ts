/** Copying that also works where the page is not served over TLS and the newer interface is missing. */

export const copyText = (text: string): Promise<boolean> => copyRich('', text);

/** Puts HTML and, for places that take none, plain text on the clipboard; false if the browser refused. */
export async function copyRich(html: string, plain: string): Promise<boolean> {
  const parts: Record<string, string> = html === '' ? { 'text/plain': plain } : { 'text/html': html, 'text/plain': plain };
  try {
    const blobs = Object.entries(parts).map(([type, part]) => [type, new Blob([part], { type })] as const);
    await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
    return true;
  } catch {
    return copyByEvent(parts); // no secure context, no permission, or an older browser
  }
}

function copyByEvent(parts: Record<string, string>): boolean {
  const fill = (event: ClipboardEvent): void => {
    event.preventDefault();
    for (const [type, part] of Object.entries(parts)) event.clipboardData?.setData(type, part);
  };
  document.addEventListener('copy', fill);
  try {
    // Deprecated, and the only way where the page is served without TLS.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    return document.execCommand('copy');
  } catch {
    return false;
  } finally {
    document.removeEventListener('copy', fill);
  }
}
