/** What the address of the audit log holds: kind, person, days. */
import { isDay } from '../team/teamPeriod';

export const KINDS = ['people', 'imports', 'access', 'keys', 'tokens', 'settings', 'campaigns', 'signatures', 'data'] as const;
export type Kind = (typeof KINDS)[number];

export interface AuditSearch {
  kind?: Kind;
  person?: string;
  from?: string;
  to?: string;
}

/** Takes of an address what makes sense; the rest is as if it were not there. */
export function checkedAudit(raw: Record<string, unknown>): AuditSearch {
  const found: AuditSearch = {};
  const kind = KINDS.find((known) => known === raw.kind);
  if (kind !== undefined) found.kind = kind;
  if (typeof raw.person === 'string' && /^[\da-f-]{36}$/i.test(raw.person)) found.person = raw.person;
  const day = (value: unknown): string | undefined => (typeof value === 'string' && isDay(value) ? value : undefined);
  const [from, to] = [day(raw.from), day(raw.to)];
  if (from !== undefined) found.from = from;
  if (to !== undefined && (from === undefined || from <= to)) found.to = to;
  return found;
}

export const isFiltered = (search: AuditSearch): boolean => Object.keys(search).length > 0;
