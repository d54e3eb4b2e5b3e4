/** What the pages of campaigns ask. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';

import { read } from '../../api/client';
import type { ExplanationQuery } from '../../api/queries';
import type { Answer } from '../../api/types';

export type CampaignPage = Answer<'/api/admin/campaigns'>;
export type CampaignItem = CampaignPage['data'][number];
export type Campaign = Answer<'/api/admin/campaigns/{campaignId}'>;
export type CampaignStats = Answer<'/api/admin/campaigns/{campaignId}/stats'>;
export type State = Campaign['state'];
export type Step = Campaign['steps'][number];
export type Audience = Campaign['audience'];
export type Comparison = CampaignStats['campaignAgainstBefore'];

export const STATES: readonly State[] = ['draft', 'active', 'paused', 'ended'];
export const CAMPAIGNS_KEY = '/api/admin/campaigns';
/** The worker announces persons, not campaigns: the page looks again by itself. */
const LOOK_EVERY_MS = 30_000;

export const campaignsQuery = (state: State | undefined, search: string) =>
  infiniteQueryOptions({
    queryKey: [CAMPAIGNS_KEY, 'list', state ?? '', search] as const,
    queryFn: ({ pageParam, signal }) =>
      read(
        CAMPAIGNS_KEY,
        { limit: 50, search, ...(state === undefined ? {} : { state }), ...(pageParam === null ? {} : { cursor: pageParam }) },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: LOOK_EVERY_MS,
  });

export const campaignQuery = (campaignId: string) =>
  queryOptions({
    queryKey: [CAMPAIGNS_KEY, campaignId] as const,
    queryFn: ({ signal }) => read('/api/admin/campaigns/{campaignId}', { campaignId }, signal),
    refetchInterval: LOOK_EVERY_MS,
  });

export const campaignStatsQuery = (campaignId: string) =>
  queryOptions({
    queryKey: [CAMPAIGNS_KEY, campaignId, 'stats'] as const,
    queryFn: ({ signal }) => read('/api/admin/campaigns/{campaignId}/stats', { campaignId }, signal),
    refetchInterval: LOOK_EVERY_MS,
  });

export const campaignExplainQuery = (campaignId: string): ExplanationQuery => ({
  queryKey: [CAMPAIGNS_KEY, campaignId, 'explain'],
  queryFn: ({ signal }) => read('/api/admin/campaigns/{campaignId}/stats/explain', { campaignId }, signal),
  staleTime: 60_000,
});

export const audienceDepartmentsQuery = queryOptions({
  queryKey: ['/api/admin/people/departments'] as const,
  queryFn: ({ signal }) => read('/api/admin/people/departments', {}, signal),
  staleTime: 60_000,
});

export const audienceSearchQuery = (search: string) =>
  queryOptions({
    queryKey: ['/api/admin/people', 'audience', search] as const,
    queryFn: ({ signal }) => read('/api/admin/people', { search, limit: 8 }, signal),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
