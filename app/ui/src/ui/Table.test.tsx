import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState, type ReactNode } from 'react';
import { beforeEach, expect, test, vi } from 'vitest';

import { I18nProvider } from '../i18n/I18n';
import { setPreferences } from '../preferences/preferences';
import * as csv from './csv';
import { Table, type Column } from './Table';

interface Person {
  name: string;
  opens: number | null;
  team: string;
}

const PEOPLE: Person[] = [
  { name: 'Zoe', opens: 3, team: 'b' },
  { name: 'adam', opens: 12, team: 'a' },
  { name: 'Mia', opens: null, team: 'b' },
];
const COLUMNS: Column<Person>[] = [
  { key: 'name', title: 'Name', cell: (person) => person.name, value: (person) => person.name },
  { key: 'opens', title: 'Opens', isFigure: true, cell: (person) => person.opens ?? '–', value: (person) => person.opens },
  { key: 'team', title: 'Team', cell: (person) => person.team, value: (person) => person.team },
  { key: 'id', title: 'Id', cell: () => 'x', value: () => 'x', isHiddenAtFirst: true },
];

type Rest = Partial<Parameters<typeof Table<Person>>[0]>;
const show = (rest: Rest = {}): void => {
  render(
    <I18nProvider timeZone="Asia/Riyadh">
      <Table caption="People" name="people" columns={COLUMNS} rows={PEOPLE} rowKey={(person) => person.name} file={{ title: 'people', from: '2026-01-01' }} {...rest} />
    </I18nProvider>,
  );
};
const names = (): string[] => screen.getAllByRole('rowheader').map((cell) => cell.textContent);
const head = (title: string): HTMLElement => screen.getByRole('columnheader', { name: title });

beforeEach(() => setPreferences({ language: 'en', digits: 'latn' }));

test('a press on a head sorts, figures greatest first, and says so; what has no value stands last', async () => {
  show();
  expect(head('Opens').getAttribute('aria-sort')).toBe('none');
  await userEvent.click(screen.getByRole('button', { name: 'Opens' }));
  expect(names()).toEqual(['adam', 'Zoe', 'Mia']);
  expect(head('Opens').getAttribute('aria-sort')).toBe('descending');
  await userEvent.click(screen.getByRole('button', { name: 'Opens' }));
  expect(names()).toEqual(['Zoe', 'adam', 'Mia']);
  await userEvent.click(screen.getByRole('button', { name: 'Name' }));
  expect(names()).toEqual(['adam', 'Mia', 'Zoe']);
  expect(head('Opens').getAttribute('aria-sort')).toBe('none');
});

test('rows of which more exist elsewhere are not sorted here', () => {
  show({ more: { onMore: vi.fn(), isLoading: false } });
  expect(screen.queryByRole('button', { name: 'Opens' })).toBeNull();
  expect(head('Opens').getAttribute('aria-sort')).toBeNull();
});

test('where the server sorts, a press only asks for the order', async () => {
  const onSort = vi.fn();
  show({ isSortedByServer: true, sort: { key: 'opens', direction: 'descending' }, onSort });
  await userEvent.click(screen.getByRole('button', { name: 'Opens' }));
  expect(onSort).toHaveBeenCalledWith({ key: 'opens', direction: 'ascending' });
  expect(names()).toEqual(['Zoe', 'adam', 'Mia']);
});

test('picked columns are remembered for their table; the first stays', async () => {
  show();
  expect(screen.queryByRole('columnheader', { name: 'Id' })).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Choose columns: People' }));
  expect(screen.getByRole('menuitemcheckbox', { name: 'Name' }).getAttribute('aria-disabled')).toBe('true');
  await userEvent.click(screen.getByRole('menuitemcheckbox', { name: 'Id' }));
  await userEvent.click(screen.getByRole('menuitemcheckbox', { name: 'Team' }));
  await userEvent.keyboard('{Escape}');
  expect(screen.getAllByRole('columnheader').map((cell) => cell.textContent)).toEqual(['Name', 'Opens', 'Id']);
  expect(localStorage.getItem('heliograph.table.people')).toBe('["team"]');
});

test('the file holds what is seen: the columns, the rows, their order', async () => {
  const download = vi.spyOn(csv, 'download').mockReturnValue();
  localStorage.setItem('heliograph.table.people', '["team","id"]');
  show();
  await userEvent.click(screen.getByRole('button', { name: 'Opens' }));
  await userEvent.click(screen.getByRole('button', { name: 'Download as CSV: People' }));
  expect(download).toHaveBeenCalledWith('people-2026-01-01.csv', [['Name', 'Opens'], ['adam', 12], ['Zoe', 3], ['Mia', '']]);
  download.mockRestore();
});

test('before the rows there is their room, and no file', () => {
  show({ rows: undefined });
  expect(screen.getByRole('region', { name: 'People' }).getAttribute('aria-busy')).toBe('true');
  expect(screen.queryByRole('button', { name: /CSV/ })).toBeNull();
});

test('without rows the empty text stands there', () => {
  show({ rows: [], empty: 'Nobody yet.' });
  screen.getByText('Nobody yet.');
});

test('a press anywhere in a row opens it once, and the keyboard has a button', async () => {
  const onOpen = vi.fn();
  show({ onOpen });
  await userEvent.click(screen.getByText('12'));
  expect(onOpen).toHaveBeenCalledExactlyOnceWith(PEOPLE[1]);
  screen.getByRole('button', { name: 'Zoe' }).focus();
  await userEvent.keyboard('{Enter}');
  expect(onOpen).toHaveBeenCalledTimes(2);
});

test('more rows can be asked for', async () => {
  const onMore = vi.fn();
  show({ more: { onMore, isLoading: false } });
  await userEvent.click(screen.getByRole('button', { name: 'Show more' }));
  expect(onMore).toHaveBeenCalledOnce();
});

function Selecting(): ReactNode {
  const [selected, onChange] = useState<ReadonlySet<string>>(new Set());
  return (
    <I18nProvider timeZone="Asia/Riyadh">
      <Table
        caption="People"
        columns={COLUMNS}
        rows={PEOPLE}
        rowKey={(person) => person.name}
        selection={{ selected, onChange, nameOf: (person) => person.name }}
      />
    </I18nProvider>
  );
}

const ticked = (): string[] =>
  screen
    .getAllByRole('checkbox', { checked: true })
    .map((box) => box.closest('tr'))
    .map((row) => (row === null ? '' : (within(row).queryByRole('rowheader')?.textContent ?? 'all')));

test('rows are selected with the keyboard: Space ticks, arrows move, Shift takes along', async () => {
  render(<Selecting />);
  screen.getByRole('checkbox', { name: 'Select Zoe' }).focus();
  await userEvent.keyboard(' ');
  expect(ticked()).toEqual(['Zoe']);
  await userEvent.keyboard('{Shift>}{ArrowDown}{/Shift}');
  expect(ticked()).toEqual(['Zoe', 'adam']);
  screen.getByText('2 selected');
  expect(screen.getByRole<HTMLInputElement>('checkbox', { name: 'Select all rows shown' }).indeterminate).toBe(true);
  await userEvent.keyboard('{ArrowDown} ');
  expect(ticked()).toEqual(['all', 'Zoe', 'adam', 'Mia']);
});

test('Shift and a press select all rows in between', async () => {
  const user = userEvent.setup();
  render(<Selecting />);
  await user.click(screen.getByRole('checkbox', { name: 'Select Zoe' }));
  await user.keyboard('{Shift>}');
  await user.click(screen.getByRole('checkbox', { name: 'Select Mia' }));
  await user.keyboard('{/Shift}');
  expect(ticked()).toEqual(['all', 'Zoe', 'adam', 'Mia']);
});
