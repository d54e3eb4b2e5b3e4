/** What is asked of every page, whatever is on it. */
import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** axe finds nothing. Frames are left out: they hold the signature, sandboxed, and that is not ours.
 * Returns how many of its rules had something to look at. */
export async function expectNoAxeFindings(page: Page, where: string): Promise<number> {
  await page.evaluate(`window.axe === undefined && (() => { ${axe.source} })()`);
  const { found, rules } = await page.evaluate(async () => {
    const { axe: check } = window as unknown as { axe: { run: (root: Document, options: object) => Promise<AxeResults> } };
    const { violations, passes } = await check.run(document, { iframes: false, resultTypes: ['violations'] });
    return {
      rules: passes.length,
      found: violations.map((violation) => ({
        rule: violation.id,
        help: violation.help,
        where: violation.nodes.map((node) => `${node.target.join(' ')} ${node.failureSummary ?? ''}`),
      })),
    };
  });
  expect(found, `axe on ${where}`).toEqual([]);
  return rules;
}

/** Nothing hangs over the side of the page. */
export async function expectNoSidewaysScroll(page: Page, where: string): Promise<void> {
  const over = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });
  expect(over, `pixels over the side of ${where}`).toBeLessThanOrEqual(0); // below: the gutter kept for a scroll bar
}

/** Sum of layout shifts since the page was loaded; call `watchLayout` on the context before. */
export const layoutShift = (page: Page): Promise<number> =>
  page.evaluate(() => (window as unknown as { layoutShiftSum?: number }).layoutShiftSum ?? 0);

/** Runs in the page before its own scripts. */
export function watchLayout(): void {
  const target = window as unknown as { layoutShiftSum: number; largestPaintMs: number };
  target.layoutShiftSum = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[]) {
      if (!entry.hadRecentInput) target.layoutShiftSum += entry.value;
    }
  }).observe({ type: 'layout-shift', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) target.largestPaintMs = entry.startTime;
  }).observe({ type: 'largest-contentful-paint', buffered: true });
}
