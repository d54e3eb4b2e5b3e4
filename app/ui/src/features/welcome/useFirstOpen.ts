import { useEffect, useRef } from 'react';

/** Runs once, when the first open arrives while one looks: `lastOpenAt` was null and is a time now. */
export function useFirstOpen(lastOpenAt: string | null | undefined, onArrival: () => void): void {
  const before = useRef(lastOpenAt);
  useEffect(() => {
    if (before.current === null && typeof lastOpenAt === 'string') onArrival();
    before.current = lastOpenAt;
  });
}
