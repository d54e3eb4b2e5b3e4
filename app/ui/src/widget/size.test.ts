import { gzipSync } from 'node:zlib';

import { expect, test } from 'vitest';

import { buildWidget } from '../../scripts/widget';

test('the built file is under 15 kB gzipped, imports nothing, and parses no markup', async () => {
  const code = await buildWidget(process.cwd());
  expect(gzipSync(code, { level: 6 }).length).toBeLessThan(15_000);
  expect(code).not.toMatch(/\bimport\b|innerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|localStorage|sessionStorage|document\.cookie/);
});
