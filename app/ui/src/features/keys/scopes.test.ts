import { expect, test } from 'vitest';

import { SCOPES, scopeOf, scopesOf } from './scopes';

test('what was chosen is what the key shows', () => {
  for (const scope of SCOPES) expect(scopeOf({ scopes: scopesOf(scope) })).toBe(scope);
});
