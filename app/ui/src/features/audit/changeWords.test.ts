import { expect, test } from 'vitest';

import { checkedAudit } from './auditSearch';
import { audienceOf, fieldsOf, labelOf, pathOf, sentenceOf } from './changeWords';

test('an action has its own sentence, one that is new has the general one', () => {
  expect(sentenceOf('token_rotated')).toBe('audit.action.token_rotated');
  expect(sentenceOf('moon_landed')).toBe('audit.action.other');
});

test('only what changed is told, and never the counter of changes', () => {
  const change = { before: { name: 'A', phone: '1', version: 1 }, after: { name: 'B', phone: '1', version: 2 } };
  expect(fieldsOf(change)).toEqual([{ field: 'name', before: 'A', after: 'B', isNew: false }]);
});

test('of something new, what is empty is not told', () => {
  const fields = fieldsOf({ before: null, after: { name: 'A', phone: '', department: null, failed: 0, setsPassword: false } });
  expect(fields.map(({ field }) => field)).toEqual(['name', 'setsPassword']);
});

test('an import is told to be incomplete only when it is', () => {
  expect(fieldsOf({ before: null, after: { created: 3, isComplete: true } }).map(({ field }) => field)).toEqual(['created']);
  expect(fieldsOf({ before: null, after: { created: 3, isComplete: false } }).map(({ field }) => field)).toEqual(['created', 'isComplete']);
});

test('an audience is known by its kind, anything else is none', () => {
  expect(audienceOf({ kind: 'departments', members: ['Sales'] })).toEqual({ kind: 'departments', members: ['Sales'] });
  expect(audienceOf({ kind: 'everybody', members: [] })).toEqual({ kind: 'everybody', members: [] });
  expect(audienceOf({ kind: 'moon' })).toBeNull();
  expect(audienceOf('everybody')).toBeNull();
});

test('a change leads to what was changed', () => {
  expect(pathOf({ action: 'person_changed', subjectId: 'x' })).toBe('/people?person=x');
  expect(pathOf({ action: 'campaign_started', subjectId: 'x' })).toBe('/campaigns/x');
  expect(pathOf({ action: 'campaign_deleted', subjectId: 'x' })).toBeNull();
  expect(pathOf({ action: 'person_changed', subjectId: null })).toBeNull();
  expect(pathOf({ action: 'tracking_settings_changed', subjectId: null })).toBe('/settings/tracking');
});

test('fields of people and settings have their names from there', () => {
  expect(labelOf('jobTitle')).toBe('people.jobTitle');
  expect(labelOf('retentionDays')).toBe('settings.retentionDays');
  expect(labelOf('sunspots')).toBeNull();
});

test('an address keeps days in their order and forgets what makes no sense', () => {
  expect(checkedAudit({ kind: 'keys', from: '2026-01-05', to: '2026-01-01', person: 'x' })).toEqual({ kind: 'keys', from: '2026-01-05' });
});
