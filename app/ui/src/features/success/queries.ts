import { queryOptions } from '@tanstack/react-query';

import { read } from '../../api/client';
import type { ExplanationQuery } from '../../api/queries';
import type { Answer } from '../../api/types';

const PATH = '/api/admin/tracking/success-metrics';

export type SuccessMetrics = Answer<typeof PATH>;

export const successQuery = queryOptions({
  queryKey: [PATH] as const,
  queryFn: ({ signal }) => read(PATH, {}, signal),
  refetchInterval: 30_000,
});

export const successExplanation: ExplanationQuery = {
  queryKey: [PATH, 'explain'],
  queryFn: ({ signal }) => read('/api/admin/tracking/success-metrics/explain', {}, signal),
  staleTime: 60_000,
};
