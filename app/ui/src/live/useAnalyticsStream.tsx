/** The live connection of this page: one for the whole application, its state for the indicator. */
import { useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';

import { ME_KEY } from '../api/client';
import { DAILY_KEY, myOpensQuery, myStatsQuery } from '../api/queries';
import type { MyStats } from '../api/types';
import { applyMyStats } from './applyMyStats';
import { AnalyticsStream, type LiveState } from './stream';

export interface Live {
  state: LiveState;
  reconnect: () => void;
}

const LiveContext = createContext<Live>({ state: 'connecting', reconnect: () => undefined });

/** Connects to the live stream while the component is on the page and feeds the query cache. */
export function useAnalyticsStream(): Live {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>('connecting');
  const stream = useRef<AnalyticsStream>(null);

  useEffect(() => {
    const current = new AnalyticsStream(['my-stats'], {
      onState: (next) => {
        setState(next);
        // A stream that stays away may mean that the session has ended; the answer to `me` tells.
        if (next === 'stale') void client.invalidateQueries({ queryKey: ME_KEY });
      },
      onMessage: (message) => {
        if (message.topic === 'my-stats') applyMyStats(client, message.data as MyStats);
      },
      onResync: () => {
        for (const queryKey of [myStatsQuery.queryKey, [DAILY_KEY], myOpensQuery.queryKey]) {
          void client.invalidateQueries({ queryKey });
        }
      },
    });
    stream.current = current;
    current.start();
    window.addEventListener('online', current.start);
    window.addEventListener('offline', current.markStale);
    return () => {
      window.removeEventListener('online', current.start);
      window.removeEventListener('offline', current.markStale);
      current.stop();
    };
  }, [client]);

  return useMemo(() => ({ state, reconnect: () => stream.current?.start() }), [state]);
}

export function LiveProvider({ children }: { children: ReactNode }): ReactNode {
  return <LiveContext value={useAnalyticsStream()}>{children}</LiveContext>;
}

export const useLive = (): Live => useContext(LiveContext);
