/** The ways in, in a real browser: an invitation that is accepted, browsers that are signed out from afar, and keys for
 * programs. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { launchBrowser } from './browser';
import { expectNoAxeFindings } from './checks';
import { signIn } from './people';
import { findProduct } from './product';

const product = findProduct();
/** Of this run, so that a second one on the same product finds its own. */
const RUN = Date.now().toString(36);
const NAME = `Rana Haddad ${RUN}`;
const ADDRESS = `rana.${RUN}@demo.example`;
const PASSWORD = 'a mirror and a flash of light';

let browser: Browser;
let owner: Page;
/** The invited person: where they accepted, and a second browser of theirs. */
let here: Page;
let elsewhere: Page;
let invitation: string;
let key: string;

beforeAll(async () => {
  browser = await launchBrowser();
  owner = (await signIn(browser, 'owner')).page;
  [here, elsewhere] = await Promise.all([fresh().then((context) => context.newPage()), fresh().then((context) => context.newPage())]);
});

afterAll(async () => {
  await browser.close();
});

async function fresh(): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', reducedMotion: 'reduce' });
  context.setDefaultTimeout(15_000);
  return context;
}
async function go(page: Page, path: string): Promise<void> {
  await page.goto(product.api_url + path);
  await page.locator('h1').first().waitFor();
}
const asProgram = (path: string, method = 'GET'): Promise<Response> =>
  fetch(product.api_url + path, { method, headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' } });

// -- an invitation -------------------------------------------------------------------------------------------------

test('an owner adds a person and invites them by a link', async () => {
  await go(owner, '/people');
  await owner.getByRole('button', { name: 'Add person' }).click();
  const dialog = owner.getByRole('dialog');
  await dialog.getByLabel('Name').fill(NAME);
  await dialog.getByLabel('Address').fill(ADDRESS);
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await owner.getByText(`${NAME} was added.`).first().waitFor();
  await owner.getByRole('searchbox').fill(RUN);
  await owner.getByRole('table').getByText(NAME).click();
  await owner.getByRole('button', { name: 'Make invitation link' }).click();
  invitation = await owner.getByRole('textbox', { name: 'Invitation link' }).inputValue();
  expect(invitation).toMatch(new RegExp(`^${product.api_url}/invitation/`));
});

test('the invited person is greeted by name, is told a password that is too short, and is in', async () => {
  await here.goto(invitation);
  await here.getByText(`Hello ${NAME}.`, { exact: false }).waitFor();
  await expectNoAxeFindings(here, 'an open invitation');
  await here.getByLabel('Password').fill('short');
  await here.getByRole('button', { name: 'Set password and sign in' }).click();
  await here.getByText('It has 5 characters; at least 12 are needed.').waitFor();
  await here.getByLabel('Password').fill(PASSWORD);
  await here.getByRole('button', { name: 'Set password and sign in' }).click();
  await here.waitForURL('**/welcome');
  await here.getByRole('complementary').getByText(NAME).waitFor();
});

test('the link works once, and the owner sees that it was used', async () => {
  await elsewhere.goto(invitation);
  await elsewhere.getByRole('heading', { name: 'This invitation no longer works' }).waitFor();
  await go(owner, `/people?search=${RUN}`);
  await owner.getByRole('row').filter({ hasText: NAME }).getByText('Active', { exact: true }).waitFor();
  await go(owner, '/settings/audit?kind=access');
  await owner.getByRole('listitem').filter({ hasText: 'accepted an invitation' }).filter({ hasText: RUN }).first().waitFor();
});

// -- browsers ------------------------------------------------------------------------------------------------------

test('a second browser signs in with the password, and both are listed', async () => {
  await go(elsewhere, '/signin');
  await elsewhere.getByLabel('Email').fill(ADDRESS);
  await elsewhere.getByLabel('Password').fill(PASSWORD);
  await elsewhere.keyboard.press('Enter');
  await elsewhere.waitForURL((url) => !url.pathname.startsWith('/signin'));
  await go(here, '/account');
  const card = here.getByRole('region', { name: 'Signed-in browsers' });
  await expect.poll(() => card.getByRole('listitem').count()).toBe(2);
  expect(await card.getByText('This browser').count()).toBe(1);
});

test('one browser signs the other out, which says so and comes back to where it was', async () => {
  await go(elsewhere, '/signature');
  const card = here.getByRole('region', { name: 'Signed-in browsers' });
  await card.getByRole('button', { name: /^Sign out .* on / }).click();
  await here.getByText('1 browser signed out.').first().waitFor();
  await expect.poll(() => card.getByRole('listitem').count()).toBe(1);
  await elsewhere.getByRole('complementary').getByRole('link', { name: 'Account' }).click();
  await elsewhere.waitForURL('**/signin?**');
  await elsewhere.getByText('Your session has ended.', { exact: false }).waitFor();
  await elsewhere.getByLabel('Email').fill(ADDRESS);
  await elsewhere.getByLabel('Password').fill(PASSWORD);
  await elsewhere.keyboard.press('Enter');
  await elsewhere.waitForURL('**/account');
});

// -- keys ----------------------------------------------------------------------------------------------------------

test('a key needs a name, is shown this once, and lets a program read', async () => {
  await go(here, '/settings/keys');
  await here.getByRole('button', { name: 'New key' }).first().click();
  const dialog = here.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Make key' }).click();
  await dialog.getByText('Give it a name.').waitFor();
  await expectNoAxeFindings(here, 'the dialog for a key');
  await dialog.getByLabel('Name').fill('Weekly report');
  await dialog.getByRole('button', { name: 'Make key' }).click();
  await here.getByRole('heading', { name: 'Copy your key now' }).waitFor();
  key = await here.getByRole('dialog').locator('code').innerText();
  expect(key).toMatch(/^hg_/);
  await here.getByRole('button', { name: 'I have copied it' }).click();
  const answer = await asProgram('/api/me');
  expect([answer.status, ((await answer.json()) as { user: { email: string } }).user.email]).toEqual([200, ADDRESS]);
  expect((await asProgram('/api/me', 'PATCH')).status).toBe(403); // it may read, not change
});

test('afterwards the page knows only how the key begins, and that it was used', async () => {
  await go(here, '/settings/keys');
  const row = here.getByRole('row').filter({ hasText: 'Weekly report' });
  await row.getByText(key.slice(0, 10), { exact: false }).waitFor();
  expect(await here.content()).not.toContain(key);
  expect(await row.getByText('never', { exact: true }).count()).toBe(0);
});

test('a revoked key is refused at once', async () => {
  await here.getByRole('button', { name: 'Revoke Weekly report' }).click();
  await here.getByRole('dialog', { name: 'Revoke Weekly report?' }).getByRole('button', { name: 'Revoke' }).click();
  await here.getByText('Weekly report is revoked.').first().waitFor();
  expect((await asProgram('/api/me')).status).toBe(401);
  await here.getByRole('heading', { name: 'No keys yet' }).waitFor();
});
