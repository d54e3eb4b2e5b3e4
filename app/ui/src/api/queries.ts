/** One definition for each question a page asks, so that loaders, pages and the live stream share one cache entry. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';

import { ME_KEY, read } from './client';
import type { Explanation } from './types';

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

/** What `AboutNumber` asks for the SQL: any of the questions that answer with an explanation. */
export interface ExplanationQuery {
  queryKey: readonly unknown[];
  queryFn: (context: { signal: AbortSignal }) => Promise<Explanation>;
  staleTime: number;
}

export const explainQuery: ExplanationQuery = {
  queryKey: ['/api/tracking/explain'],
  queryFn: ({ signal }) => read('/api/tracking/explain', {}, signal),
  staleTime: 60_000,
};

export type TeamSearch = { days: number } | { from: string; to: string };
const TEAM_KEY = '/api/admin/tracking/organization-stats';
/** The worker announces persons, not organisations: team pages look again by themselves. */
const TEAM_EVERY_MS = 30_000;

export const teamQuery = (period: TeamSearch) =>
  queryOptions({
    queryKey: [TEAM_KEY, period] as const,
    queryFn: ({ signal }) => read(TEAM_KEY, { ...period, top: 10 }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: TEAM_EVERY_MS,
  });

export const teamExplainQuery = (period: TeamSearch): ExplanationQuery => ({
  queryKey: [TEAM_KEY, 'explain', period],
  queryFn: ({ signal }) => read('/api/admin/tracking/organization-stats/explain', { ...period }, signal),
  staleTime: 60_000,
});

export const personQuery = (userId: string) =>
  queryOptions({
    queryKey: ['/api/admin/tracking/user', userId, 'stats'] as const,
    queryFn: ({ signal }) => read('/api/admin/tracking/user/{userId}/stats', { userId }, signal),
    refetchInterval: TEAM_EVERY_MS,
  });

export const personDailyQuery = (userId: string, days: number) =>
  queryOptions({
    queryKey: ['/api/admin/tracking/user', userId, 'daily', days] as const,
    queryFn: ({ signal }) => read('/api/admin/tracking/user/{userId}/stats/daily', { userId, days }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: TEAM_EVERY_MS,
  });

export const personExplainQuery = (userId: string): ExplanationQuery => ({
  queryKey: ['/api/admin/tracking/user', userId, 'explain'],
  queryFn: ({ signal }) => read('/api/admin/tracking/user/{userId}/stats/explain', { userId }, signal),
  staleTime: 60_000,
});

export const trackingSettingsQuery = queryOptions({
  queryKey: ['/api/admin/tracking/settings'] as const,
  queryFn: ({ signal }) => read('/api/admin/tracking/settings', {}, signal),
});
