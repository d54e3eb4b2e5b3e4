import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { contrast, parseOklch, type Oklch } from '../testing/contrast';

const css = readFileSync('src/ui/tokens.css', 'utf8');

function theme(name: 'light' | 'dark'): Map<string, Oklch> {
  const block = new RegExp(`\\[data-theme='${name}'\\] \\{([^}]*)\\}`).exec(css)?.[1] ?? '';
  const colours = new Map<string, Oklch>();
  for (const [, token, value] of block.matchAll(/(--[\w-]+): (oklch\([^)]*\));/g)) {
    const colour = parseOklch(value ?? '');
    if (token !== undefined && colour !== null) colours.set(token, colour);
  }
  return colours;
}

const GROUNDS = ['--ground', '--surface', '--surface-raised', '--surface-sunken'];
const TEXTS = ['--text', '--text-muted', '--text-faint', '--accent-text', '--good', '--warn', '--bad'];
/** Text on a ground of its own; all text is small, so AA asks for 4.5. */
const TEXT_PAIRS: [text: string, ground: string][] = [
  ...TEXTS.flatMap((text) => GROUNDS.map((ground): [string, string] => [text, ground])),
  ['--text', '--surface-hover'],
  ['--text-muted', '--surface-hover'],
  ['--text', '--surface-selected'],
  ['--accent-text', '--surface-selected'],
  ['--on-accent', '--accent'],
  ['--on-accent', '--accent-hover'],
  ['--good', '--good-ground'],
  ['--warn', '--warn-ground'],
  ['--bad', '--bad-ground'],
  ['--surface', '--bad'],
  ['--ground', '--text'],
];
/** What must be seen but is not read: AA asks for 3. */
const SHAPE_PAIRS: [shape: string, ground: string][] = [
  ...GROUNDS.flatMap((ground): [string, string][] => [
    ['--focus', ground],
    ['--border-strong', ground],
    ['--accent', ground],
  ]),
  ['--chart-1', '--surface'],
  ['--chart-3', '--surface'],
  ['--chart-5', '--surface'],
  ['--chart-6', '--surface'],
];

test('the formula gives the extremes and a known pair', () => {
  const white = { lightness: 1, chroma: 0, hue: 0 };
  expect(contrast(white, { lightness: 0, chroma: 0, hue: 0 })).toBeCloseTo(21, 3);
  expect(contrast(white, white)).toBe(1);
  // #767676, the lightest grey that passes AA on white, is oklch(0.5659 0 0)
  expect(contrast(white, { lightness: 0.5659, chroma: 0, hue: 0 })).toBeCloseTo(4.54, 2);
});

describe.each(['light', 'dark'] as const)('%s theme', (name) => {
  const colours = theme(name);
  const ratio = (one: string, other: string): number => {
    const [first, second] = [colours.get(one), colours.get(other)];
    if (first === undefined || second === undefined) throw new Error(`${one} or ${other} is no opaque colour of ${name}`);
    return contrast(first, second);
  };

  test.each(TEXT_PAIRS)('%s is readable on %s', (text, ground) => {
    expect(ratio(text, ground)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(SHAPE_PAIRS)('%s is visible on %s', (shape, ground) => {
    expect(ratio(shape, ground)).toBeGreaterThanOrEqual(3);
  });
});

test('both themes give a value to the same names', () => {
  expect([...theme('dark').keys()].sort()).toEqual([...theme('light').keys()].sort());
});
