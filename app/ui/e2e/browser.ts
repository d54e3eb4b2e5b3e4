/** The browser of the tests: CHROMIUM, the machine's own, or the one that @sparticuz/chromium carries. */
import { existsSync } from 'node:fs';

import { chromium, type Browser } from 'playwright-core';

/** A reader's browser; headless ones name themselves, and would rightly be classed as machines. */
const READER =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';

// The user agent for the whole browser: one set for a context does not reach sandboxed frames.
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', `--user-agent=${READER}`];

export async function launchBrowser(): Promise<Browser> {
  const own = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
    (path) => path !== undefined && path !== '' && existsSync(path),
  );
  if (own !== undefined) return chromium.launch({ executablePath: own, args: FLAGS });
  const { default: packaged } = await import('@sparticuz/chromium');
  return chromium.launch({ executablePath: await packaged.executablePath(), args: [...packaged.args, ...FLAGS] });
}
