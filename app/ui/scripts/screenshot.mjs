// The picture of the README, from a running product with demo data:
//   READY_JSON=data/ready.json node scripts/screenshot.mjs ../../docs/images/engagement.png
// DIST=DIR shows a build that lies elsewhere. The sign-in link of ready.json works once; SIGNIN_URL gives another.
import { readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';

import { chromium } from 'playwright-core';

const ready = JSON.parse(readFileSync(process.env.READY_JSON ?? 'data/ready.json', 'utf8'));
const [target = '../../docs/images/engagement.png', path = '/engagement', width = '1360', height = '900'] = process.argv.slice(2);
const dist = process.env.DIST;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
const context = await browser.newContext({
  viewport: { width: Number(width), height: Number(height) },
  locale: 'en-GB',
  reducedMotion: 'reduce',
  colorScheme: process.env.THEME ?? 'light',
});
if (dist !== undefined) {
  await context.route(`${ready.api_url}/**`, (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname.startsWith('/api/')) return route.continue();
    const file = join(dist, pathname);
    return route.fulfill({ path: pathname !== '/' && existsSync(file) ? file : join(dist, 'index.html') });
  });
}
const page = await context.newPage();
await page.goto(process.env.SIGNIN_URL ?? ready.signin_url);
await page.waitForURL(/\/(welcome|engagement)/);
await page.goto(ready.api_url + path);
await page.locator('h1').first().waitFor();
await page.waitForLoadState('networkidle', { timeout: 5000 }).catch(() => undefined); // the live stream never ends
await page.mouse.move(0, 0);
await page.screenshot({ path: target });
await browser.close();
