/** How every chart looks: colours by name, thin grid, our text. Values are CSS, so both themes work. */
export const chart = {
  colours: ['var(--chart-1)', 'var(--chart-2)', 'var(--chart-3)', 'var(--chart-4)', 'var(--chart-5)', 'var(--chart-6)'],
  grid: 'var(--chart-grid)',
  tick: { fill: 'var(--text-faint)', fontSize: 12, fontFamily: 'inherit' },
  cursor: { fill: 'var(--surface-hover)' },
} as const;
