import { QueryClient } from '@tanstack/react-query';

import { isProblem } from './problem';

/** Server state lives here and nowhere else. A refusal (4xx) is an answer and is not asked for again. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      gcTime: 30 * 60_000,
      retry: (failures, error) => !(isProblem(error) && error.status >= 400 && error.status < 500) && failures < 3,
      retryDelay: (attempt) => Math.min(500 * 2 ** attempt, 8_000),
    },
    mutations: { retry: false },
  },
});
