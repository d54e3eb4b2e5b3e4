/** The browser of the tests: CHROMIUM (a path, or `packaged`), the machine's own, or the one that @sparticuz/chromium
 * carries, so that a machine without a browser can run them. */
import { existsSync } from 'node:fs';

import { chromium, type Browser } from 'playwright-core';

/** A reader's browser; headless ones name themselves, and would rightly be classed as machines. */
const READER =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';

// The user agent for the whole browser: one set for a context does not reach sandboxed frames.
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', `--user-agent=${READER}`];

/** Flags of the packaged browser, which is made for functions in a cloud: in a single process, closing one context ends
 * the browser; and without web security it asks other origins as no reader's browser may. */
const NOT_A_READERS = new Set(['--single-process', '--no-zygote', '--disable-web-security', '--allow-running-insecure-content']);

export async function launchBrowser(): Promise<Browser> {
  const wanted = process.env.CHROMIUM ?? '';
  const own = [wanted, '/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => path !== '' && existsSync(path));
  if (own !== undefined && wanted !== 'packaged') return chromium.launch({ executablePath: own, args: FLAGS });
  const { default: packaged } = await import('@sparticuz/chromium');
  const args = packaged.args.filter((flag) => !NOT_A_READERS.has(flag));
  return chromium.launch({ executablePath: await packaged.executablePath(), args: [...args, ...FLAGS] });
}
