/** One definition for each question a page asks, so that loaders, pages and the live stream share one cache entry. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';

import { ME_KEY, read } from './client';

export const meQuery = queryOptions({
  queryKey: ME_KEY,
  queryFn: ({ signal }) => read('/api/me', {}, signal),
  staleTime: 5 * 60_000,
});

export const myStatsQuery = queryOptions({
  queryKey: ['/api/tracking/my-stats'] as const,
  queryFn: ({ signal }) => read('/api/tracking/my-stats', {}, signal),
});

export const DAILY_KEY = '/api/tracking/my-stats/daily' as const;

export const dailyQuery = (days: number) =>
  queryOptions({
    queryKey: [DAILY_KEY, days] as const,
    queryFn: ({ signal }) => read(DAILY_KEY, { days }, signal),
    placeholderData: keepPreviousData,
  });

export const myOpensQuery = queryOptions({
  queryKey: ['/api/tracking/my-opens'] as const,
  queryFn: ({ signal }) => read('/api/tracking/my-opens', { limit: 20 }, signal),
});

export const mySignatureQuery = queryOptions({
  queryKey: ['/api/tracking/my-signature'] as const,
  queryFn: ({ signal }) => read('/api/tracking/my-signature', {}, signal),
  staleTime: 5 * 60_000,
});

export const explainQuery = queryOptions({
  queryKey: ['/api/tracking/explain'] as const,
  queryFn: ({ signal }) => read('/api/tracking/explain', {}, signal),
  staleTime: 60_000,
});
