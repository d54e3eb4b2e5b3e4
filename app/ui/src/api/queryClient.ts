import { QueryClient } from '@tanstack/react-query';

import { isProblem } from './problem';

const ATTEMPTS = 3;
const LONG_MS = 3_000;

/** Whether to ask again without a word. A refusal (4xx) is an answer; and a failure that was long in coming is told at
 * once: the server has waited already, and three more of its waits would be a minute of skeletons. */
export function mayRetry(failures: number, error: unknown): boolean {
  if (isProblem(error) && ((error.status >= 400 && error.status < 500) || error.afterMs > LONG_MS)) return false;
  return failures < ATTEMPTS;
}

/** Server state lives here and nowhere else. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      gcTime: 30 * 60_000,
      retry: mayRetry,
      retryDelay: (attempt) => Math.min(500 * 2 ** attempt, 8_000),
    },
    mutations: { retry: false },
  },
});
