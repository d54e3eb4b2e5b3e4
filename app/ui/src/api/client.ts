/** The one door to the API: same origin, session cookie, CSRF header, problems as errors. */
import { Problem } from './problem';
import { queryClient } from './queryClient';
import type { Answer, Me, ReadablePath } from './types';

export const ME_KEY = ['/api/me'] as const;

async function request(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  const start = performance.now();
  try {
    response = await fetch(path, { credentials: 'same-origin', ...init });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw Problem.unreachable(performance.now() - start);
  }
  if (!response.ok) throw await Problem.from(response, performance.now() - start);
  return response;
}

/** Reads `path`; `parameters` fill its `{names}`, the others become the query string. */
export async function read<Path extends ReadablePath>(
  path: Path,
  parameters: Record<string, string | number> = {},
  signal?: AbortSignal,
): Promise<Answer<Path>> {
  const isInPath = (name: string): boolean => path.includes(`{${name}}`);
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(parameters[name])));
  const asked = Object.entries(parameters).filter(([name]) => !isInPath(name));
  const query = new URLSearchParams(asked.map(([name, value]) => [name, String(value)])).toString();
  const response = await request(query === '' ? filled : `${filled}?${query}`, {
    headers: { accept: 'application/json' },
    ...(signal === undefined ? {} : { signal }),
  });
  return (await response.json()) as Answer<Path>;
}

type Change = 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The header a change needs: the CSRF token of the signed-in person, if there is one. */
export function csrfHeader(): Record<string, string> {
  const token = queryClient.getQueryData<Me>(ME_KEY)?.csrfToken;
  return token ? { 'x-csrf-token': token } : {};
}

async function send(method: Change, path: string, body?: object): Promise<Response> {
  return await request(path, {
    method,
    headers: { 'content-type': 'application/json', accept: 'application/json', ...csrfHeader() },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** Changes something. */
export async function change(method: Change, path: string, body?: object): Promise<void> {
  await send(method, path, body);
}

/** Changes something and returns what the API says of it. */
export async function changed<Said>(method: Change, path: string, body?: object): Promise<Said> {
  const response = await send(method, path, body);
  return (await response.json()) as Said;
}
