/** A key's scopes as the one thing a person chooses. */
import type { ApiKey } from './queries';

export const SCOPES = ['read', 'write', 'widget'] as const;
export type Scope = (typeof SCOPES)[number];

/** What is sent for a choice: who may change may read. */
export const scopesOf = (scope: Scope): Scope[] => (scope === 'write' ? ['read', 'write'] : [scope]);

/** The choice behind a key. */
export function scopeOf(key: Pick<ApiKey, 'scopes'>): Scope {
  return (['widget', 'write'] as const).find((scope) => key.scopes.includes(scope)) ?? 'read';
}
