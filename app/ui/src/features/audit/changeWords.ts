/** A change in words: which sentence, which fields from what to what, and where the thing is. Pure. */
import { en, type MessageKey } from '../../i18n/en';
import type { Change } from './queries';

/** Not told: they count changes, or the sentence has said it. */
const SILENT = new Set(['version', 'id', 'token', 'isActive']);

const isKey = (key: string): key is MessageKey => Object.hasOwn(en, key);

/** The sentence of an action; one for all that have none of their own. */
export function sentenceOf(action: string): MessageKey {
  const key = `audit.action.${action}`;
  return isKey(key) ? key : 'audit.action.other';
}

/** How a field is called, if it has a name in our languages. */
export function labelOf(field: string): MessageKey | null {
  return [`audit.field.${field}`, `people.${field}`, `settings.${field}`].find(isKey) ?? null;
}

export interface FieldChange {
  field: string;
  before: unknown;
  after: unknown;
  /** The entry says only how it is, not how it was. */
  isNew: boolean;
}

/** What changed, field by field; what is the same before and after is left out. */
export function fieldsOf(change: Pick<Change, 'before' | 'after'>): FieldChange[] {
  const before = change.before ?? {};
  const after = change.after ?? {};
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => !SILENT.has(name));
  return names
    .map((field) => ({ field, before: before[field], after: after[field], isNew: !(field in before) }))
    .filter((one) => JSON.stringify(one.before) !== JSON.stringify(one.after))
    .filter((one) => !(one.isNew && (one.after === null || one.after === '' || one.after === 0 || (Array.isArray(one.after) && one.after.length === 0))))
    .filter((one) => !(one.field === 'isComplete' && one.after === true));
}

/** The audience of a campaign as the log keeps it, if it is one. */
export function audienceOf(value: unknown): { kind: 'everybody' | 'departments' | 'people'; members: string[] } | null {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return null;
  const kind = (['everybody', 'departments', 'people'] as const).find((known) => known === value.kind);
  if (kind === undefined) return null;
  const members = 'members' in value && Array.isArray(value.members) ? value.members.map(String) : [];
  return { kind, members };
}

/** The address of what was changed, if it has a page. */
export function pathOf(change: Pick<Change, 'action' | 'subjectId'>): string | null {
  const { action, subjectId } = change;
  if (action.startsWith('tracking_settings_')) return '/settings/tracking';
  if (action.startsWith('signature_')) return '/signatures';
  if (action.startsWith('api_key_')) return '/settings/keys';
  if (subjectId === null) return null;
  if (/^(person|token|invitation|sessions|password)_/.test(action)) return `/people?person=${subjectId}`;
  if (action.startsWith('campaign_') && action !== 'campaign_deleted') return `/campaigns/${subjectId}`;
  return null;
}
