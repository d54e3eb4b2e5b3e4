/** Contexts of signed-in people. LINKS_JSON names a file with a fresh sign-in link for each: `{"owner": "http…", …}`. */
import { readFileSync } from 'node:fs';

import type { Browser, BrowserContext, Page } from 'playwright-core';

/** `stranger`: the owner of another organisation, in which nothing has happened yet. */
export type Who = 'owner' | 'admin' | 'analyst' | 'member' | 'stranger';

function links(): Record<Who, string> {
  const path = process.env.LINKS_JSON;
  if (path === undefined) throw new Error('LINKS_JSON must name a file of sign-in links, one for each person');
  return JSON.parse(readFileSync(path, 'utf8')) as Record<Who, string>;
}

/** A browser of this person's own, signed in, with one page. Without motion: axe would see colours on their way. */
export async function signIn(browser: Browser, who: Who, viewport = { width: 1440, height: 900 }): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ viewport, locale: 'en-GB', reducedMotion: 'reduce' });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  await page.goto(links()[who]);
  await page.waitForURL((url) => !url.pathname.startsWith('/signin'));
  await page.locator('h1').first().waitFor();
  return { context, page };
}

/** Changes something over the API as whoever is signed in on the page. */
export async function send<Answer>(page: Page, method: string, path: string, body?: object): Promise<Answer> {
  return (await page.evaluate(
    async ([how, where, what]) => {
      const me = (await (await fetch('/api/me')).json()) as { csrfToken: string };
      const answer = await fetch(where, {
        method: how,
        headers: { 'content-type': 'application/json', 'x-csrf-token': me.csrfToken },
        ...(what === null ? {} : { body: what }),
      });
      if (!answer.ok) throw new Error(`${how} ${where}: ${String(answer.status)} ${await answer.text()}`);
      return answer.status === 204 ? null : ((await answer.json()) as unknown);
    },
    [method, path, body === undefined ? null : JSON.stringify(body)] as const,
  )) as Answer;
}
