/** Texts of every table. */
import type { Message } from '../plural';

export const table = {
  'table.columns': 'Choose columns: {table}',
  'table.columns.short': 'Choose columns',
  'table.csv': 'Download as CSV: {table}',
  'table.csv.short': 'Download as CSV what is shown',
  'table.empty': 'Nothing here yet.',
  'table.more': 'Show more',
  'table.more.loading': 'Loading more',
  'table.select': 'Select {name}',
  'table.selectAll': 'Select all rows shown',
  'table.selected': { one: '{count} selected', other: '{count} selected' },
} as const satisfies Record<string, Message>;
