/** What a person does with the product, in a real browser, from the sign-in link to the number that moves. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { launchBrowser } from './browser';
import { expectNoAxeFindings, layoutShift, watchLayout } from './checks';
import { findProduct } from './product';

const product = findProduct();
const PASSWORD = 'a mirror and a flash of light';

let browser: Browser;
let context: BrowserContext;
let page: Page;
/** Addresses asked for by anything the browser showed. */
const asked = new Set<string>();
const complaints: string[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
  // Without motion: axe would otherwise see colours on their way.
  context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', reducedMotion: 'reduce' });
  context.setDefaultTimeout(15_000);
  await context.addInitScript(watchLayout);
  context.on('request', (request) => asked.add(request.url()));
  context.on('weberror', (error) => complaints.push(error.error().message));
  context.on('console', (message) => {
    // A refused request (401, 404 …) is logged by the browser itself; the tests look at what the page says then.
    // In the sandboxed frames it is our own script above that is refused.
    const isExpected = /^Failed to load resource|^Blocked script execution in 'about:srcdoc'/.test(message.text());
    if (message.type() === 'error' && !isExpected) complaints.push(message.text());
  });
  page = await context.newPage();
});

afterAll(async () => {
  await browser.close();
});

const go = async (path: string): Promise<void> => {
  await page.goto(product.api_url + path);
  await page.locator('h1').first().waitFor();
};
const number = async (id: string): Promise<number> => Number(await page.getByTestId(id).innerText());
/** Waits until a number on the page is what it should be, without loading the page again. */
const expectNumber = (id: string, value: number): Promise<void> => expect.poll(() => number(id), { timeout: 15_000 }).toBe(value);

test('somebody who is not signed in is asked to, and comes back to where they wanted to go', async () => {
  await go('/engagement?days=7');
  await page.waitForURL('**/signin?**');
  expect(new URL(page.url()).searchParams.get('next')).toBe('/engagement?days=7');
  await expectNoAxeFindings(page, '/signin');
});

test('the sign-in link leads to the signature, because it has not been opened yet', async () => {
  await page.goto(product.signin_url);
  await page.waitForURL('**/welcome');
  await page.getByRole('heading', { level: 1, name: 'Your signature is ready' }).waitFor();
  await expectNumber('counter', 0);
  expect(await page.getByTestId('pixel-url').innerText()).toBe(product.user_pixel_url);
});

test('a sign-in link that was used explains itself', async () => {
  const other = await browser.newContext({ reducedMotion: 'reduce' });
  const stranger = await other.newPage();
  await stranger.goto(product.signin_url);
  await stranger.getByRole('heading', { name: 'This link no longer works' }).waitFor();
  await stranger.getByText('heliograph users signin-link').waitFor();
  await expectNoAxeFindings(stranger, 'a used link');
  await other.close();
});

test('before the first open, My engagement offers the step that makes it', async () => {
  await go('/engagement');
  await page.getByRole('link', { name: 'Open this signature to see your first open' }).waitFor();
  await expectNoAxeFindings(page, 'empty /engagement');
  await go('/welcome');
});

test('looking at the preview loads no pixel', () => {
  expect([...asked].filter((url) => url.startsWith(product.collector_url))).toEqual([]);
});

test('opening the signature in another tab moves the number on this one', async () => {
  await page.getByText('Live', { exact: true }).waitFor();
  const [tab] = await Promise.all([
    context.waitForEvent('page'),
    page.getByRole('link', { name: 'Open this signature in a new tab' }).click(),
  ]);
  await tab.locator('iframe').waitFor();
  await expectNumber('counter', 1);
  await page.getByText('Your first open has arrived.', { exact: true }).first().waitFor();
  await page.getByText('Opened by a person').waitFor();
  await page.getByText('Counted', { exact: true }).waitFor();
  await tab.close();
});

test('My engagement moves too while one looks at it', async () => {
  await go('/');
  await page.waitForURL('**/engagement?days=30');
  await expectNumber('stat-today', 1);
  await page.getByText('Live', { exact: true }).waitFor();
  const tab = await context.newPage();
  await tab.goto(`${product.api_url}/signature-preview`);
  await expectNumber('stat-today', 2);
  await expectNumber('stat-thisWeek', 2);
  await page.getByText('2 opens in 30 days').waitFor();
  await tab.close();
});

test('an open by a machine is listed with its reason and not counted', async () => {
  await context.request.get(product.user_pixel_url, { headers: { 'user-agent': 'curl/8.5.0' } });
  const section = page.getByRole('region', { name: 'Not counted this week' });
  await section.getByText('Script or program').waitFor();
  expect(await number('stat-today')).toBe(2);
});

test('every number opens as SQL', async () => {
  await page.getByRole('button', { name: 'About this number: This week' }).click();
  await page.getByRole('dialog').locator('pre').filter({ hasText: 'SELECT' }).waitFor();
  await expectNoAxeFindings(page, 'the dialog about a number');
  await page.keyboard.press('Escape');
});

test('the keyboard reaches pages, periods, the table, the command menu and the list of keys', async () => {
  await go('/engagement');
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the content');
  await page.keyboard.press('1');
  await page.waitForURL('**/engagement?days=7');
  await page.keyboard.press('t');
  await page.getByRole('table').waitFor();
  await expect.poll(() => page.getByRole('rowheader').count()).toBe(7);
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await page.waitForURL('**/signature');
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').pressSequentially('acc');
  await expectNoAxeFindings(page, 'the command menu');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/account');
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard keys' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
});

test('arrow keys move through the days of the chart', async () => {
  await go('/engagement?days=7');
  const chart = page.getByRole('application');
  await chart.focus();
  await page.keyboard.press('ArrowRight');
  await page.getByText('A week earlier').or(page.locator('.recharts-tooltip-wrapper').getByText('Opens')).first().waitFor();
});

test('nothing moves while a page loads', async () => {
  for (const path of ['/welcome', '/engagement', '/account']) {
    await go(path);
    await page.waitForTimeout(800); // shifts, if any, come with the data
    expect(await layoutShift(page), path).toBeLessThan(0.02);
  }
});

test('a phone has the bar at the bottom', async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  await go('/engagement');
  await page.getByRole('navigation').getByRole('link', { name: 'My signature' }).click();
  await page.waitForURL('**/signature');
  await expectNoAxeFindings(page, '/signature at 390 px');
  await page.setViewportSize({ width: 1440, height: 900 });
});

test('Arabic reads from right to left, on this device and in the profile', async () => {
  await go('/engagement');
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').pressSequentially('language');
  await Promise.all([
    page.waitForResponse((answer) => answer.url().endsWith('/api/me') && answer.request().method() === 'PATCH'),
    page.keyboard.press('Enter'),
  ]);
  await page.getByRole('heading', { level: 1, name: 'تفاعلي' }).waitFor();
  expect(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir])).toEqual(['ar', 'rtl']);
  const sidebar = await page.getByRole('complementary').first().boundingBox();
  expect(sidebar?.x).toBeGreaterThan(1000);
  const me = (await (await context.request.get(`${product.api_url}/api/me`)).json()) as { user: { locale: string } };
  expect(me.user.locale).toBe('ar');
  await go('/account');
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').pressSequentially('English');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Account' }).waitFor();
});

test('what is changed in the account is in the signature', async () => {
  await go('/account');
  await page.getByLabel('Job title').fill('Signal officer');
  await page.getByText('Not saved yet').waitFor();
  await page.reload();
  await page.getByText('Not saved yet').waitFor(); // a draft survives a reload
  expect(await page.getByLabel('Job title').inputValue()).toBe('Signal officer');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved', { exact: true }).waitFor();
  await go('/welcome');
  await page.frameLocator('iframe').getByText('Signal officer').waitFor();
});

test('a lost connection is said, and live updates come back', async () => {
  await go('/engagement');
  await page.getByText('Live', { exact: true }).waitFor();
  await context.setOffline(true);
  await page.getByText(/^As of .*, live updates interrupted$/).waitFor();
  await expectNoAxeFindings(page, 'stale /engagement');
  await context.setOffline(false);
  await page.getByText('Live', { exact: true }).waitFor();
});

test('a password is set, and signs in after signing out', async () => {
  await go('/account');
  await page.getByLabel('New password').fill('short');
  await page.getByRole('button', { name: 'Set password' }).click();
  await page.getByText('It has 5 characters; at least 12 are needed.').waitFor();
  await page.getByLabel('New password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Set password' }).click();
  await page.getByText('Password saved.').waitFor();
  const email = await page.getByLabel('Email').inputValue();
  await page.getByRole('button', { name: /^You:/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByText('You are signed out.').waitFor();
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill('not the password');
  await page.keyboard.press('Enter');
  await page.getByText('Email and password do not match.', { exact: false }).waitFor();
  await page.getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/engagement?days=30');
});

test('nothing was loaded from any other host, and no script failed', () => {
  const ours = [product.api_url, product.collector_url, 'data:', 'blob:', 'about:'];
  expect([...asked].filter((url) => !ours.some((start) => url.startsWith(start)))).toEqual([]);
  expect(complaints).toEqual([]);
});
