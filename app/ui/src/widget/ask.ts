/** Asks the server for the numbers, and says in one word why there are none. */
import type { Answer } from '../api/types';

export type Engagement = Answer<'/api/widget/engagement'>;
/** `offline` and `away` pass by themselves; the others need somebody to do something. */
export type Trouble = 'noKey' | 'key' | 'origin' | 'hidden' | 'offline' | 'away';
export type Outcome = { numbers: Engagement } | { trouble: Trouble };

const TIMEOUT_MS = 20_000;

export async function ask(host: string, key: string): Promise<Outcome> {
  if (key === '') return { trouble: 'noKey' };
  let response: Response;
  try {
    response = await fetch(`${host}/api/widget/engagement`, {
      headers: { authorization: `Bearer ${key}` },
      credentials: 'omit',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch {
    return { trouble: await whyUnreachable(host) };
  }
  if (response.ok) return { numbers: (await response.json()) as Engagement };
  if (response.status === 401) return { trouble: 'key' };
  if (response.status !== 403) return { trouble: 'away' };
  const problem = (await response.json().catch(() => ({}))) as { setting?: string };
  return { trouble: problem.setting === 'showUserDashboard' ? 'hidden' : 'origin' };
}

/** A browser tells pages of others neither a refused key or origin nor a dead server; whether it answers at all tells
 * the two apart. */
async function whyUnreachable(host: string): Promise<Trouble> {
  if (!navigator.onLine) return 'offline';
  try {
    await fetch(`${host}/api/health`, { mode: 'no-cors', credentials: 'omit', cache: 'no-store', signal: AbortSignal.timeout(TIMEOUT_MS) });
    return 'origin';
  } catch {
    return 'away';
  }
}
