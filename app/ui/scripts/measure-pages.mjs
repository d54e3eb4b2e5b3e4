// Measures pages in a real browser: `node scripts/measure-pages.mjs <ready.json> <sign-in link> <rounds>` prints JSON.
// For each page and round, in a fresh context whose cache is empty: largest paint and layout shifts of its first load,
// the bytes that came over the wire, and how long the browser took to answer a click, as the Event Timing API sees it.
import { readFileSync } from 'node:fs';

import { chromium } from 'playwright-core';

const [ready, link, rounds] = process.argv.slice(2);
const base = JSON.parse(readFileSync(ready, 'utf8')).api_url;
const PAGES = {
  '/engagement': (page) => page.getByText('7 days', { exact: true }).click(),
  '/team': (page) => page.getByText('7 days', { exact: true }).click(),
  '/campaigns': (page) => page.getByRole('button', { name: 'New campaign' }).click(),
  '/people': (page) => page.getByRole('button', { name: 'Add person' }).click(),
  '/settings/audit': (page) => page.getByLabel('Kind').press('ArrowDown'),
  '/settings/tracking': (page) => page.getByRole('switch').first().click(),
  '/account': (page) => page.getByText('Dark', { exact: true }).click(),
};

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
const first = await browser.newContext();
const door = await first.newPage();
await door.goto(link);
await door.waitForURL((url) => !url.pathname.startsWith('/signin'));
const storageState = await first.storageState();
await first.close();

const found = [];
for (let round = 0; round < Number(rounds); round += 1) {
  for (const [path, act] of Object.entries(PAGES)) found.push({ path, round, ...(await measure(path, act)) });
}
console.log(JSON.stringify(found));
await browser.close();

async function measure(path, act) {
  const context = await browser.newContext({ storageState, viewport: { width: 1440, height: 900 } });
  await context.addInitScript(() => {
    const seen = { paint: 0, shift: 0, event: 0 };
    window.seen = seen;
    const watch = (type, take, more = {}) => new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true, ...more });
    watch('largest-contentful-paint', (entry) => (seen.paint = entry.startTime));
    watch('layout-shift', (entry) => (seen.shift += entry.hadRecentInput ? 0 : entry.value));
    watch('event', (entry) => (seen.event = Math.max(seen.event, entry.interactionId ? entry.duration : 0)), { durationThreshold: 16 });
  });
  const page = await context.newPage();
  const wire = await context.newCDPSession(page);
  await wire.send('Network.enable');
  let bytes = 0;
  wire.on('Network.loadingFinished', (event) => (bytes += event.encodedDataLength));
  await page.goto(base + path);
  await page.locator('h1').first().waitFor();
  await page.waitForFunction(() => document.querySelector('[class*=_bone_]') === null);
  await page.evaluate(() => new Promise((done) => requestIdleCallback(done, { timeout: 2000 })));
  const load = await page.evaluate(() => ({ ...window.seen }));
  await act(page);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 200))));
  const { event } = await page.evaluate(() => window.seen);
  await context.close();
  return { paint_ms: load.paint, shift: load.shift, bytes, click_ms: event };
}
