/** What the page of API keys asks, and what it changes. */
import { queryOptions, type QueryClient } from '@tanstack/react-query';

import { read } from '../../api/client';
import type { Answer } from '../../api/types';

export type ApiKey = Answer<'/api/me/api-keys'>['data'][number];

export const myKeysQuery = queryOptions({
  queryKey: ['/api/me/api-keys'] as const,
  queryFn: ({ signal }) => read('/api/me/api-keys', {}, signal),
});

export const allKeysQuery = queryOptions({
  queryKey: ['/api/admin/api-keys'] as const,
  queryFn: ({ signal }) => read('/api/admin/api-keys', {}, signal),
});

/** Has both lists looked at again. */
export async function forgetKeys(client: QueryClient): Promise<void> {
  await Promise.all([myKeysQuery, allKeysQuery].map((query) => client.invalidateQueries({ queryKey: query.queryKey })));
}
