/** Every page of the product, light, dark and in Arabic, wide and on a phone: axe finds nothing, nothing hangs over. */
import { readFileSync, writeFileSync } from 'node:fs';

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { launchBrowser } from './browser';
import { expectNoAxeFindings, expectNoSidewaysScroll } from './checks';
import { send, signIn } from './people';
import { findProduct } from './product';

const product = findProduct();
const LIGHT = { name: 'light', theme: 'light', language: 'en' } as const;
const DARK = { name: 'dark', theme: 'dark', language: 'en' } as const;
const ARABIC = { name: 'Arabic', theme: 'light', language: 'ar' } as const;
type Look = typeof LIGHT | typeof DARK | typeof ARABIC;

/** How a page is looked at: with LOOKS=all in each look at each width when it is full; else, and in a state with little
 * on it, in three of them, which have every look and both widths. */
const SOME: readonly [Look, width: number][] = [
  [LIGHT, 1440],
  [DARK, 390],
  [ARABIC, 390],
];
const ALL: readonly [Look, width: number][] =
  process.env.LOOKS === 'all' ? [LIGHT, DARK, ARABIC].flatMap((look) => [1440, 390].map((width): [Look, number] => [look, width])) : SOME;

/** Each address of the router, and those who see a state of its page worth a look of its own. */
const PAGES: Record<string, { address?: string; empty?: true; forbidden?: true }> = {
  '/': {},
  '/signin': {},
  '/signin/$token': { address: '/signin/used' },
  '/invitation/$token': { address: '/invitation/used' },
  '/signature-preview': {},
  '/signature': { empty: true },
  '/signatures': { empty: true, forbidden: true },
  '/settings/keys': { empty: true },
  '/welcome': { empty: true },
  '/engagement': { empty: true },
  '/team': { empty: true, forbidden: true },
  '/team/$userId': { forbidden: true },
  '/people': { empty: true, forbidden: true },
  '/settings/audit': { empty: true, forbidden: true },
  '/campaigns': { empty: true, forbidden: true },
  '/campaigns/$campaignId': { forbidden: true },
  '/settings/tracking': { forbidden: true },
  '/settings/metrics': { empty: true, forbidden: true },
  '/about': {},
  '/account': {},
  '/nowhere': {},
};
const ROUTES = [...readFileSync(new URL('../src/router.tsx', import.meta.url), 'utf8').matchAll(/\bpath: '([^']+)'/g)].map((found) => found[1] ?? '');

let browser: Browser;
let owner: Page;
let member: Page;
let stranger: Page;
const ids = { userId: '', campaignId: '' };
const looked: { page: string; state: string; checks: number; rules: number }[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
  [owner, member, stranger] = (await Promise.all((['owner', 'member', 'stranger'] as const).map((who) => signIn(browser, who)))).map(({ page }) => page) as [Page, Page, Page];
  ids.userId = (await send<{ user: { id: string } }>(member, 'GET', '/api/me')).user.id;
  const made = await send<{ id: string; version: number }>(owner, 'POST', '/api/admin/campaigns', { name: 'Spring fair' });
  await send(owner, 'POST', `/api/admin/campaigns/${made.id}/start`, { version: made.version });
  await send(owner, 'POST', '/api/admin/campaigns', { name: 'A draft' });
  ids.campaignId = made.id;
});

afterAll(async () => {
  await browser.close();
  const file = process.env.AXE_TABLE;
  if (file === undefined) return;
  const lines = looked.map((row) => `| \`${row.page}\` | ${row.state} | ${String(row.checks)} | ${String(row.rules)} | 0 |`);
  writeFileSync(file, ['| page | state | looks | rules that applied, most | findings |', '| --- | --- | --- | --- | --- |', ...lines, ''].join('\n'));
});

/** As a choice in another tab would: the page that is shown changes, nothing is loaded again. */
async function wear(page: Page, look: Look): Promise<void> {
  await page.evaluate(({ theme, language }) => {
    const value = JSON.stringify({ theme, language, digits: 'latn', isSidebarCollapsed: false });
    localStorage.setItem('heliograph.preferences', value);
    window.dispatchEvent(new StorageEvent('storage', { key: 'heliograph.preferences', newValue: value }));
  }, look);
  await page.locator(`html[lang=${look.language}][data-theme=${look.theme}]`).waitFor();
}

async function lookAt(page: Page, route: string, state: string, looks: readonly [Look, width: number][]): Promise<void> {
  const address = (PAGES[route]?.address ?? route).replace(/\$(\w+)/g, (_, name: keyof typeof ids) => ids[name]);
  await page.goto(product.api_url + address);
  await page.locator('h1').first().waitFor();
  await page.waitForFunction(() => document.querySelector('[class*=_bone_]') === null);
  let rules = 0;
  for (const [look, width] of looks) {
    await wear(page, look);
    await page.setViewportSize({ width, height: 900 });
    const where = `${address} (${state}, ${look.name}, ${String(width)} px)`;
    rules = Math.max(rules, await expectNoAxeFindings(page, where));
    await expectNoSidewaysScroll(page, where);
  }
  looked.push({ page: route, state, checks: looks.length, rules });
}

test('every address of the router is in the list of pages', () => {
  expect(ROUTES.length).toBeGreaterThan(10);
  expect(Object.keys(PAGES).filter((page) => page !== '/nowhere').toSorted()).toEqual(ROUTES.toSorted());
});

test.for(Object.keys(PAGES))('%s is well made in every look, full, empty and refused', async (route) => {
  await lookAt(owner, route, 'full', ALL);
  if (PAGES[route]?.empty) await lookAt(stranger, route, 'empty', SOME);
  if (PAGES[route]?.forbidden) {
    await lookAt(member, route, 'refused', SOME);
    await wear(member, LIGHT);
    await member.getByRole('heading', { name: 'This page is not open to you' }).waitFor();
  }
});

test.for(['/engagement', '/welcome', '/team', '/team/$userId', '/campaigns/$campaignId'])('every number of %s says what it counts and opens as SQL', async (route) => {
  await owner.setViewportSize({ width: 1440, height: 900 });
  await owner.goto(product.api_url + route.replace(/\$(\w+)/g, (_, name: keyof typeof ids) => ids[name]));
  await owner.locator('h1').first().waitFor();
  await wear(owner, LIGHT);
  await owner.waitForFunction(() => document.querySelector('[class*=_bone_]') === null);
  const signs = await owner.getByRole('button', { name: /^About this number: / }).all();
  expect(signs.length).toBeGreaterThan(0);
  await signs[0]?.focus();
  await owner.getByRole('tooltip').filter({ hasText: /As of \d\d:\d\d/ }).waitFor();
  for (const sign of signs) {
    const name = ((await sign.getAttribute('aria-label')) ?? '').replace('About this number: ', '');
    await sign.click();
    const dialog = owner.getByRole('dialog', { name });
    await dialog.locator('pre').filter({ hasText: 'SELECT' }).waitFor();
    await dialog.getByText('How fresh it is').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => sign.evaluate((button) => button === document.activeElement)).toBe(true); // the focus comes back
  }
});

test('a phone has at most five entries in its bar, and a sheet with all other pages', async () => {
  await owner.setViewportSize({ width: 390, height: 844 });
  await owner.goto(`${product.api_url}/engagement`);
  await wear(owner, LIGHT);
  const bar = owner.getByRole('navigation', { name: 'Pages' });
  await bar.getByRole('button', { name: 'More' }).waitFor();
  expect(await bar.getByRole('link').or(bar.getByRole('button')).count()).toBe(5);
  await bar.getByRole('button', { name: 'More' }).click();
  const sheet = owner.getByRole('dialog', { name: 'More' });
  await sheet.getByText('Settings', { exact: true }).waitFor();
  for (const look of [LIGHT, DARK, ARABIC]) {
    await wear(owner, look);
    await expectNoAxeFindings(owner, `the sheet of pages, ${look.name}`);
  }
  await wear(owner, LIGHT);
  await sheet.getByRole('link', { name: 'Audit log' }).click();
  await owner.waitForURL('**/settings/audit');
  await sheet.waitFor({ state: 'detached' });
  await owner.setViewportSize({ width: 1440, height: 900 });
});
