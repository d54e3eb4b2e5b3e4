import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { backoffMs } from './backoff';
import { AnalyticsStream, QUIET_MS, STALE_AFTER_MS, type LiveMessage, type LiveState } from './stream';

/** Stands in for the browser's EventSource, which jsdom has not; the real one is used in the browser tests. */
class FakeSource extends EventTarget {
  static opened: FakeSource[] = [];
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  isClosed = false;
  constructor(readonly url: string) {
    super();
    FakeSource.opened.push(this);
  }
  close(): void {
    this.isClosed = true;
  }
  say(name: string, id: string, data: object): void {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data), lastEventId: id }));
  }
}

const states: LiveState[] = [];
const messages: LiveMessage[] = [];
let resyncs = 0;
let stream: AnalyticsStream;
const latest = (): FakeSource => FakeSource.opened.at(-1) ?? expect.fail('no connection was opened');

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', FakeSource);
  FakeSource.opened = [];
  states.length = messages.length = resyncs = 0;
  stream = new AnalyticsStream(['my-stats'], {
    onState: (state) => states.push(state),
    onMessage: (message) => messages.push(message),
    onResync: () => resyncs++,
  });
  stream.start();
});

afterEach(() => {
  stream.stop();
  vi.useRealTimers();
});

test('it is live once the connection stands, and hands on snapshots and updates', () => {
  latest().onopen?.();
  latest().say('snapshot', '1-0', { topic: 'my-stats', data: 1, asOf: 'a' });
  latest().say('update', '2-0', { topic: 'my-stats', data: 2, asOf: 'b' });
  expect(states).toEqual(['live']);
  expect(messages.map((message) => message.data)).toEqual([1, 2]);
});

test('a short loss is not worth a word', () => {
  latest().onopen?.();
  latest().onerror?.();
  vi.advanceTimersByTime(backoffMs(0, () => 0));
  latest().onopen?.();
  vi.advanceTimersByTime(QUIET_MS);
  expect(states).toEqual(['live']);
});

test('a longer loss is said, and a long one makes the numbers stale', () => {
  latest().onopen?.();
  latest().onerror?.();
  vi.advanceTimersByTime(QUIET_MS);
  expect(states).toEqual(['live', 'reconnecting']);
  latest().onerror?.();
  vi.advanceTimersByTime(STALE_AFTER_MS);
  expect(states).toEqual(['live', 'reconnecting', 'stale']);
  latest().onopen?.();
  expect(states.at(-1)).toBe('live');
});

test('it comes back with the last id it saw, on one connection only', () => {
  latest().say('snapshot', '7-3', { topic: 'my-stats', data: 1, asOf: 'a' });
  latest().onerror?.();
  vi.advanceTimersByTime(1000);
  expect(latest().url).toBe('/api/stream?topics=my-stats&lastEventId=7-3');
  expect(FakeSource.opened.filter((source) => !source.isClosed)).toHaveLength(1);
});

test('it waits longer after each failure', () => {
  for (let attempt = 0; attempt < 4; attempt++) {
    latest().onerror?.();
    vi.advanceTimersByTime(backoffMs(attempt, () => 0));
    expect(FakeSource.opened).toHaveLength(attempt + 2);
  }
});

test('the server says when messages were left out, and when numbers cannot be computed', () => {
  latest().onopen?.();
  latest().say('resync', '', {});
  expect(resyncs).toBe(1);
  latest().say('problem', '', {});
  expect(states.at(-1)).toBe('stale');
  latest().say('snapshot', '2-0', { topic: 'my-stats', data: 1, asOf: 'a' });
  expect(states.at(-1)).toBe('live');
});

test('after stop nothing is opened any more', () => {
  latest().onerror?.();
  stream.stop();
  vi.advanceTimersByTime(60_000);
  expect(FakeSource.opened).toHaveLength(1);
});

test('the wait doubles up to 15 seconds and is never less than two thirds of that', () => {
  expect([0, 1, 2, 10].map((attempt) => backoffMs(attempt, () => 0))).toEqual([500, 1000, 2000, 15_000]);
  expect(backoffMs(10, () => 1)).toBe(10_000);
});
