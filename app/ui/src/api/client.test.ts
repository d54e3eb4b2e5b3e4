import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { change, ME_KEY, read } from './client';
import { queryClient } from './queryClient';

const fetched = vi.fn<typeof fetch>();

beforeEach(() => {
  vi.stubGlobal('fetch', fetched);
});

afterEach(() => {
  fetched.mockReset();
  queryClient.clear();
});

test('parameters become the query string', async () => {
  fetched.mockResolvedValue(Response.json({ data: [], timeZone: 'UTC' }));
  await read('/api/tracking/my-stats/daily', { days: 30 });
  expect(fetched.mock.calls[0]?.[0]).toBe('/api/tracking/my-stats/daily?days=30');
});

test('a change carries the CSRF token of the person who is signed in', async () => {
  fetched.mockResolvedValue(new Response(null, { status: 204 }));
  queryClient.setQueryData(ME_KEY, { csrfToken: 'secret' });
  await change('PATCH', '/api/me', { name: 'Layla' });
  expect(fetched.mock.calls[0]?.[1]).toMatchObject({ method: 'PATCH', headers: { 'x-csrf-token': 'secret' }, body: '{"name":"Layla"}' });
});

test('a problem keeps its status, code and detail', async () => {
  fetched.mockResolvedValue(Response.json({ code: 'bad_input', detail: 'name: too long' }, { status: 422 }));
  await expect(read('/api/me')).rejects.toMatchObject({ status: 422, code: 'bad_input', detail: 'name: too long', fields: { code: 'bad_input', detail: 'name: too long' } });
});

test('an answer that is no problem document is still a problem', async () => {
  fetched.mockResolvedValue(new Response('<html>bad gateway</html>', { status: 502 }));
  await expect(read('/api/me')).rejects.toMatchObject({ status: 502, code: '502', detail: null });
});

test('no answer at all is said as such', async () => {
  fetched.mockRejectedValue(new TypeError('Failed to fetch'));
  await expect(read('/api/me')).rejects.toMatchObject({ status: 0, code: 'unreachable' });
});
