/** A working day of three people in a real browser, on an organisation with a month of opens: a sales person (member),
 * their manager (analyst, then admin) and the administrator (owner). */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { launchBrowser } from './browser';
import { send, signIn } from './people';
import { findProduct } from './product';

const product = findProduct();
const DAY_MS = 86_400_000;
/** Of this run, so that a second one on the same product finds its own. */
const RUN = Date.now().toString(36);

let browser: Browser;
let owner: Page;
let admin: Page;
let analyst: Page;
let member: Page;

beforeAll(async () => {
  browser = await launchBrowser();
  const all = await Promise.all((['owner', 'admin', 'analyst', 'member'] as const).map((who) => signIn(browser, who)));
  [owner, admin, analyst, member] = all.map(({ page }) => page) as [Page, Page, Page, Page];
});

afterAll(async () => {
  await browser.close();
});

async function go(page: Page, path: string): Promise<void> {
  await page.goto(product.api_url + path);
  await page.locator('h1').first().waitFor();
}
const figure = async (page: Page, id: string): Promise<number> => Number((await page.getByTestId(id).innerText()).replaceAll(',', ''));
/** Picks one of several: the words are what one clicks on, the radio button itself is out of sight. */
const choose = (page: Page, name: string): Promise<void> => page.locator('label').filter({ has: page.getByRole('radio', { name }) }).click();
const day = (daysAgo: number): string => new Date(Date.now() - daysAgo * DAY_MS).toISOString().slice(0, 10);

// -- the sales person ----------------------------------------------------------------------------------------------

test('a sales person sees at a glance how often their mail is opened, when, and why the rest is not counted', async () => {
  await go(member, '/engagement?days=30');
  await member.getByText(/^Opened (once|[\d,]+ times) this week/).or(member.getByText('No opens yet this week.')).first().waitFor();
  expect(await figure(member, 'stat-thisMonth')).toBeGreaterThan(0);
  await member.getByRole('heading', { name: 'When it is opened' }).waitFor();
  await member.getByRole('region', { name: 'Not counted this week' }).waitFor();
  await choose(member, '90 days');
  await member.waitForURL('**/engagement?days=90');
  await member.getByText(/in 90 days$/).waitFor();
});

test('a sales person copies their signature with their pixel in it', async () => {
  await member.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: product.api_url });
  await member.keyboard.press('g');
  await member.keyboard.press('s');
  await member.waitForURL('**/signature');
  await member.getByRole('button', { name: 'Copy signature' }).first().click();
  await member.getByText(/^Signature copied/).first().waitFor();
  const html = await member.evaluate(async () => await (await (await navigator.clipboard.read())[0]?.getType('text/html'))?.text());
  const mine = await member.context().request.get(`${product.api_url}/api/tracking/my-signature`);
  expect(html).toContain(((await mine.json()) as { pixelUrl: string }).pixelUrl);
});

test('pages that are not for a sales person are neither offered nor shown, and say who may', async () => {
  const bar = member.getByRole('complementary').getByRole('navigation');
  for (const name of ['Team engagement', 'People', 'Audit log']) expect(await bar.getByRole('link', { name }).count(), name).toBe(0);
  for (const path of ['/team', '/people', '/campaigns', '/settings/tracking', '/settings/audit']) {
    await go(member, path);
    await member.getByRole('heading', { name: 'This page is not open to you' }).waitFor();
    await member.getByText(/owners(,| and) admins/).first().waitFor();
  }
});

// -- the manager ---------------------------------------------------------------------------------------------------

test('an analyst compares departments in days of their own choice, and sees no person', async () => {
  await go(analyst, '/team?days=30');
  await analyst.getByText(/^Signatures were opened/).waitFor();
  await choose(analyst, 'Custom');
  await analyst.getByLabel('From', { exact: true }).fill(day(0));
  await analyst.getByLabel('To', { exact: true }).fill(day(20));
  await analyst.getByRole('button', { name: 'Show' }).click();
  await analyst.getByText('The last day is before the first.').waitFor();
  await analyst.getByLabel('From', { exact: true }).fill(day(20));
  await analyst.getByLabel('To', { exact: true }).fill(day(1));
  await analyst.getByRole('button', { name: 'Show' }).click();
  await analyst.waitForURL(`**/team?from=${day(20)}&to=${day(1)}`);
  await analyst.getByRole('heading', { name: 'By department' }).waitFor();
  expect(await analyst.getByRole('heading', { name: 'Top performers' }).count()).toBe(0);
  await go(analyst, '/people');
  await analyst.getByRole('heading', { name: 'This page is not open to you' }).waitFor();
});

test('an admin drills down from the team to one person, and finds the number that person sees', async () => {
  await go(admin, '/team?days=30');
  const row = admin.getByRole('table').getByRole('link', { name: 'Liam O\'Connor' });
  if ((await row.count()) === 0) await go(admin, `/team/${(await send<{ user: { id: string } }>(member, 'GET', '/api/me')).user.id}`);
  else await row.click();
  await admin.getByRole('heading', { level: 1, name: 'Liam O\'Connor' }).waitFor();
  await go(member, '/engagement');
  await member.getByText(/^Opened (once|[\d,]+ times) this week/).or(member.getByText('No opens yet this week.')).first().waitFor();
  await expect.poll(async () => (await figure(admin, 'stat-thisMonth')) - (await figure(member, 'stat-thisMonth'))).toBe(0);
  expect(await figure(admin, 'stat-thisMonth')).toBeGreaterThan(0);
});

test('an admin makes a campaign for a department, starts, pauses, resumes and ends it', async () => {
  const name = `Spring fair ${RUN}`;
  await go(admin, '/campaigns');
  await admin.getByRole('button', { name: 'New campaign' }).click();
  await admin.getByRole('dialog').getByLabel('Name').fill(name);
  await admin.getByRole('button', { name: 'Make the draft' }).click();
  await admin.getByRole('heading', { level: 1, name }).waitFor();
  await choose(admin, 'Departments');
  await admin.getByRole('checkbox', { name: /^Sales/ }).check();
  await admin.getByRole('button', { name: 'Save' }).click();
  await admin.getByText('Saved', { exact: true }).waitFor();
  const step = async (button: string, said: string): Promise<void> => {
    await admin.getByRole('button', { name: button, exact: true }).click();
    await admin.getByRole('dialog').getByRole('button', { name: button, exact: true }).click();
    await admin.getByText(said, { exact: true }).first().waitFor();
  };
  await step('Start now', `“${name}” is active.`);
  await step('Pause', `“${name}” is paused.`);
  await step('Resume', `“${name}” is active again.`);
  await admin.getByRole('button', { name: `More for ${name}` }).click();
  await admin.getByRole('menuitem', { name: 'End now' }).click();
  await admin.getByRole('dialog').getByText('It cannot be started again, only duplicated.', { exact: false }).waitFor();
  await admin.getByRole('dialog').getByRole('button', { name: 'End now' }).click();
  await admin.getByText(`“${name}” has ended.`, { exact: true }).first().waitFor();
  await go(analyst, '/campaigns?state=ended');
  await analyst.getByRole('link', { name }).click();
  await analyst.getByRole('heading', { level: 1, name }).waitFor();
  expect(await analyst.getByRole('button', { name: `More for ${name}` }).count()).toBe(0);
});

test('what has ended is run again as a copy, and a draft that nobody wants is deleted', async () => {
  const name = `Spring fair ${RUN}`;
  await admin.getByRole('button', { name: `More for ${name}` }).click();
  await admin.getByRole('menuitem', { name: 'Duplicate' }).click();
  await admin.getByRole('heading', { level: 1, name: `Copy of ${name}` }).waitFor();
  expect(await admin.getByRole('checkbox', { name: /^Sales/ }).isChecked()).toBe(true); // the audience is copied
  await admin.getByRole('button', { name: `More for Copy of ${name}` }).click();
  await admin.getByRole('menuitem', { name: 'Delete draft' }).click();
  await admin.getByRole('dialog', { name: `Delete the draft “Copy of ${name}”?` }).getByRole('button', { name: 'Delete draft' }).click();
  await admin.waitForURL('**/campaigns');
  await admin.getByRole('table').getByRole('link', { name, exact: true }).waitFor();
  expect(await admin.getByRole('link', { name: `Copy of ${name}` }).count()).toBe(0);
});

// -- the administrator ---------------------------------------------------------------------------------------------

test('an administrator adds a person, changes them, and gives them a new token', async () => {
  const name = `Dana Park ${RUN}`;
  await go(owner, '/people');
  await owner.getByRole('button', { name: 'Add person' }).click();
  const dialog = owner.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await dialog.getByText('Name and address are needed.').waitFor();
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('Address').fill(`dana.${RUN}@demo.example`);
  await dialog.getByLabel('Department').fill('Sales');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await owner.getByText(`${name} was added.`).first().waitFor();
  await owner.getByRole('textbox', { name: 'Search by name or address' }).or(owner.getByRole('searchbox')).first().fill(RUN);
  await owner.getByRole('table').getByText(name).click();
  const drawer = owner.getByRole('dialog', { name });
  await drawer.getByLabel('Job title').fill('Signal officer');
  await drawer.getByRole('button', { name: 'Save' }).click();
  await drawer.getByText('Saved.').waitFor();
  await drawer.getByRole('button', { name: 'Rotate token' }).click();
  await drawer.getByRole('button', { name: `Rotate ${name}’s token` }).click();
  await owner.getByText(`${name} has a new token.`, { exact: false }).first().waitFor();
  await drawer.getByText('1 token before it was rotated away.', { exact: false }).waitFor();
});

test('a link invites the person, and is shown this once', async () => {
  const drawer = owner.getByRole('dialog');
  await drawer.getByRole('button', { name: 'Make invitation link' }).click();
  const link = await drawer.getByRole('textbox', { name: 'Invitation link' }).inputValue();
  expect(link.startsWith(`${product.api_url}/`)).toBe(true);
  await owner.reload();
  await drawer.getByRole('button', { name: 'Make invitation link' }).waitFor();
  expect(await drawer.getByRole('textbox', { name: 'Invitation link' }).count()).toBe(0);
});

test('a small CSV is checked, imported with what is wrong left out, and the same file again changes nothing', async () => {
  const file = {
    name: 'people.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(`email;name;department\nnadia.${RUN}@demo.example;Nadia Aziz ${RUN};sales\nomar.${RUN}@demo.example;عمر حسن;Field\nnot-an-address;Nobody;Sales\n`),
  };
  await go(owner, '/people?import=true');
  await owner.locator('input[type=file]').setInputFiles(file);
  await owner.getByRole('heading', { name: '1 thing to mend' }).waitFor();
  await owner.getByText(/sales.* becomes .*Sales/).waitFor();
  await owner.getByRole('button', { name: 'Import 2 people' }).click();
  await owner.getByRole('heading', { name: 'Imported' }).waitFor();
  await owner.getByRole('button', { name: 'Another file' }).click();
  await owner.locator('input[type=file]').setInputFiles(file);
  await owner.getByRole('button', { name: 'Nothing in this file would change anything.' }).waitFor();
});

test('the signature template is edited: a mistake is told and mended, what is not safe is left out, and everybody has it', async () => {
  await go(owner, '/signatures');
  await owner.getByLabel('HTML').fill('<table><tr><td>{{nmae}} of the observatory<script>alert(1)</script></td></tr></table>');
  await owner.getByRole('heading', { name: 'Mend this before saving' }).waitFor();
  expect(await owner.getByRole('button', { name: 'Save', exact: true }).isDisabled()).toBe(true);
  await owner.getByRole('button', { name: 'Write {{name}}' }).click();
  await owner.getByText('1 thing will be left out').waitFor();
  for (const look of ['Light', 'Dark']) await owner.frameLocator(`iframe[title="${look} mail program"]`).getByText('of the observatory').waitFor();
  await owner.getByRole('button', { name: 'Save', exact: true }).click();
  await owner.getByText('Saved', { exact: true }).waitFor();
  await go(member, '/signature');
  await member.locator('iframe').first().contentFrame().getByText('Liam O\'Connor of the observatory').waitFor();
  await owner.getByRole('button', { name: 'Back to the built-in template' }).click();
  await owner.getByRole('dialog').getByRole('button', { name: 'Use the built-in template' }).click();
  await owner.getByText('Built-in', { exact: true }).waitFor();
});

test('two administrators change the tracking settings at once: the second is told, and nothing is lost', async () => {
  await go(owner, '/settings/tracking');
  await go(admin, '/settings/tracking');
  const country = owner.getByRole('switch', { name: 'Record the country' });
  const before = await country.isChecked();
  await country.click();
  await owner.getByRole('button', { name: 'Save' }).click();
  await owner.getByText('Saved', { exact: true }).waitFor();
  await admin.getByLabel('Smallest department analysts see').fill(before ? '6' : '5');
  await admin.getByRole('button', { name: 'Save' }).click();
  await admin.getByText('Somebody saved while you were editing.', { exact: false }).waitFor();
  await admin.getByRole('button', { name: 'Save mine as well' }).click();
  await admin.getByText('Saved', { exact: true }).waitFor();
  await go(owner, '/settings/tracking');
  expect(await owner.getByRole('switch', { name: 'Record the country' }).isChecked()).toBe(!before);
  expect(await owner.getByLabel('Smallest department analysts see').inputValue()).toBe(before ? '6' : '5');
});

test('the audit log shows all of it, by whom', async () => {
  await go(owner, '/settings/audit');
  for (const sentence of [
    `Adam Admin made the campaign Spring fair ${RUN}`,
    `Adam Admin started the campaign Spring fair ${RUN}`,
    `Adam Admin ended the campaign Spring fair ${RUN}`,
    `You added Dana Park ${RUN}`,
    `You rotated the token of Dana Park ${RUN}`,
    `You made an invitation for dana.${RUN}@demo.example`,
    `You changed the signature template`,
    `You imported people`,
    `Adam Admin changed the tracking settings`,
  ]) {
    await owner.getByRole('listitem').filter({ hasText: sentence }).first().waitFor();
  }
  await owner.getByLabel('Kind').selectOption('campaigns');
  await owner.waitForURL('**/settings/audit?kind=campaigns');
  await owner.getByText(`You rotated the token of Dana Park ${RUN}`).waitFor({ state: 'detached' });
});
