/** The widget on pages of another origin, under the strictest content security policy it is documented for. */
import { createServer, type Server } from 'node:http';

import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { launchBrowser } from './browser';
import { expectNoAxeFindings, expectNoSidewaysScroll } from './checks';

function given(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} must be set; see tests/e2e/test_widget.py`);
  return value;
}

/** Where Heliograph is; the port of the page that its key names; that key; one for other sites; one that was revoked. */
const HOST = given('WIDGET_HOST');
const PORT = Number(given('WIDGET_PAGE_PORT'));
const KEY = given('WIDGET_KEY');
const ELSEWHERE = given('WIDGET_KEY_ELSEWHERE');
const REVOKED = given('WIDGET_KEY_REVOKED');
const SHOTS = process.env.WIDGET_SHOTS;
const POLICY = `default-src 'none'; script-src ${HOST}; connect-src ${HOST}; require-trusted-types-for 'script'; trusted-types 'none'`;

let browser: Browser;
let context: BrowserContext;
let page: Page;
let server: Server;
const asked = new Set<string>();

/** `/?key=…&lang=…`: a page with the widget in its middle. */
function pageOf(query: URLSearchParams): string {
  const attributes = ['target', 'lang', 'theme'].map((name) => (query.has(name) ? ` data-${name}="${query.get(name) ?? ''}"` : '')).join('');
  return `<!doctype html><html lang="${query.get('page') ?? 'en'}"><head><meta charset="utf-8"><title>Intranet</title>
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"></head>
<body><main><h1>Intranet</h1><div id="here"></div>
<script src="${HOST}/widget.js" data-key="${query.get('key') ?? ''}"${attributes} async></script></main></body></html>`;
}

beforeAll(async () => {
  server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://page');
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY });
    response.end(pageOf(searchParams));
  });
  await new Promise<void>((resolve) => server.listen(PORT, '127.0.0.1', resolve));
  browser = await launchBrowser();
  context = await browser.newContext({ viewport: { width: 520, height: 640 }, locale: 'en-GB', reducedMotion: 'reduce' });
  context.setDefaultTimeout(15_000);
  await context.addInitScript(() => {
    const target = window as unknown as { violations: string[] };
    target.violations = [];
    document.addEventListener('securitypolicyviolation', (event) => target.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
  });
  context.on('request', (request) => asked.add(new URL(request.url()).origin));
  page = await context.newPage();
});

afterAll(async () => {
  await browser.close();
  server.close();
});

async function show(query: Record<string, string>, text: string): Promise<void> {
  await page.goto(`http://127.0.0.1:${PORT}/?${new URLSearchParams({ key: KEY, ...query }).toString()}`);
  await page.getByText(text).first().waitFor();
}
const shot = async (name: string): Promise<void> => {
  if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/widget-${name}.png` });
};
const ground = (): Promise<string> => page.locator('section.card').evaluate((card) => getComputedStyle(card).backgroundColor);

test('it shows the numbers, and the policy has nothing to complain of', async () => {
  await show({}, 'Opened 24 times this week, 140% more than by this time last week.');
  expect(await page.evaluate(() => (window as unknown as { violations: string[] }).violations)).toEqual([]);
  expect([...asked].sort()).toEqual([`http://127.0.0.1:${PORT}`, HOST].sort());
  expect(await ground()).toBe('oklch(1 0 0)'); // its style is there
  await expectNoAxeFindings(page, 'the widget');
  await shot('light');
});

test('it leaves nothing on the device', async () => {
  expect(await context.cookies()).toEqual([]);
  expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
});

test('it is dark where the reader’s system is, and where the tag says so', async () => {
  await show({ theme: 'dark' }, 'Opened 24 times');
  const dark = await ground();
  expect(dark).toBe('oklch(0.214 0.014 262)');
  await page.emulateMedia({ colorScheme: 'dark' });
  await show({}, 'Opened 24 times');
  expect(await ground()).toBe(dark);
  await page.getByText('About these numbers').click();
  await page.getByText('Opens are kept for 90 days').waitFor();
  await expectNoAxeFindings(page, 'the dark widget');
  await shot('dark');
  await page.emulateMedia({ colorScheme: null });
});

test('it speaks the page’s language', async () => {
  await show({ page: 'ar' }, 'فُتح توقيعك');
  expect(await page.locator('section.card').getAttribute('dir')).toBe('rtl');
  await expectNoAxeFindings(page, 'the Arabic widget');
  await shot('arabic');
});

test('a narrow place and a target are enough', async () => {
  await page.setViewportSize({ width: 320, height: 640 });
  await show({ target: '#here' }, 'Opened 24 times');
  expect(await page.locator('#here > heliograph-engagement').count()).toBe(1);
  await expectNoSidewaysScroll(page, 'the widget at 320 px');
  await page.setViewportSize({ width: 520, height: 640 });
});

test.each([
  ['of another site', ELSEWHERE],
  ['that was revoked', REVOKED],
])('a key %s shows nothing but why', async (_name, key) => {
  await show({ key }, 'The server refused this widget');
  expect(await page.locator('section.card').innerText()).not.toMatch(/\b24\b/); // the address of the site may hold the digits
  await expectNoAxeFindings(page, 'a refused widget');
});

test('without the net it says so, and comes back by itself', async () => {
  await show({}, 'Opened 24 times');
  await page.route(`${HOST}/api/**`, (route) => route.abort());
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await page.getByText('not reachable since').waitFor();
  await page.unroute(`${HOST}/api/**`);
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await page.getByText('not reachable since').waitFor({ state: 'detached' });
});
