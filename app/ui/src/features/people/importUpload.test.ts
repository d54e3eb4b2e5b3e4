import { expect, test } from 'vitest';

import { importQuery } from './importUpload';
import { changesOf, valuesOf } from './personFields';
import type { Person } from './queries';

test('how a file is read is written into the address, only where it differs from the usual', () => {
  const usual = { isDryRun: false, clearEmpty: false, keepSpellings: false, encoding: '', mapping: {} };
  expect(importQuery(usual)).toBe('');
  const query = new URLSearchParams(importQuery({ ...usual, isDryRun: true, mapping: { 'E-Mail = work': 'email', Chef: '' } }));
  expect(query.get('dryRun')).toBe('true');
  expect(query.has('encoding')).toBe(false);
  expect(importQuery({ ...usual, encoding: 'windows-1251' })).toBe('encoding=windows-1251');
  expect(query.getAll('map')).toEqual(['E-Mail = work=email', 'Chef=']);
});

const person: Person = {
  id: '1',
  name: 'Ann',
  email: 'ann@acme.test',
  role: 'member',
  department: null,
  jobTitle: '',
  phone: '',
  timeZone: 'UTC',
  locale: 'en',
  state: 'active',
  isActive: true,
  joinedAt: '2026-01-01T00:00:00Z',
  lastSeenAt: null,
  token: { state: 'active', since: null, rotated: 0 },
  oldSignatures: null,
  version: 'v',
};

test('only what differs is sent, so that what others change meanwhile is kept', () => {
  expect(changesOf(person, valuesOf(person))).toEqual({});
  expect(changesOf(person, { ...valuesOf(person), name: ' Ann ', phone: '1' })).toEqual({ phone: '1' });
});

test('an emptied department is none', () => {
  const inSales = { ...person, department: 'Sales' };
  expect(changesOf(inSales, { ...valuesOf(inSales), department: ' ' })).toEqual({ department: null });
});
