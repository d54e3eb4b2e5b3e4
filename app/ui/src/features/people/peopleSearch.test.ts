import { expect, test } from 'vitest';

import { askedOf, checkedSearch, isFiltered } from './peopleSearch';

test('an address keeps what makes sense and forgets the rest', () => {
  expect(checkedSearch({ search: 'ann', role: 'king', state: 'invited', sort: 'lastSeen', direction: 'sideways', person: '../x' })).toEqual({
    search: 'ann',
    state: 'invited',
    sort: 'lastSeen',
  });
});

test('what is usual is not written into the address', () => {
  expect(checkedSearch({ search: '  ', sort: 'name', direction: 'ascending' })).toEqual({});
});

test('a search for digits is a search', () => {
  expect(checkedSearch({ search: 42 })).toEqual({ search: '42' });
});

test('what is open is no part of the question', () => {
  const search = checkedSearch({ role: 'admin', person: '00000000-0000-4000-8000-000000000000', import: true });
  expect(askedOf(search)).toEqual({ role: 'admin' });
  expect(isFiltered(search)).toBe(true);
  expect(isFiltered({ person: 'x', sort: 'email' })).toBe(false);
});
