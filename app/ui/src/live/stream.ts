/** One live connection to the server's stream of statistics: opens, listens, and comes back after a loss.
 *
 * Counters in messages are absolute, so a message that is missed or seen twice does no harm. */
import { backoffMs } from './backoff';

export type LiveState = 'connecting' | 'live' | 'reconnecting' | 'stale';

export interface LiveMessage {
  topic: string;
  data: unknown;
  asOf: string;
}

export interface StreamHandlers {
  onState: (state: LiveState) => void;
  onMessage: (message: LiveMessage) => void;
  /** The server left messages out because this client was slow: ask for everything again. */
  onResync: () => void;
}

/** A loss shorter than this is not worth a word: the server closes long connections, and we come back at once. */
export const QUIET_MS = 1_500;

/** Lost this long, the numbers are called stale rather than “reconnecting”. */
export const STALE_AFTER_MS = 10_000;

export class AnalyticsStream {
  private source: EventSource | null = null;
  private attempt = 0;
  private retryTimer: number | undefined;
  private quietTimer: number | undefined;
  private staleTimer: number | undefined;
  private lastEventId = '';
  private state: LiveState = 'connecting';

  constructor(
    private readonly topics: readonly string[],
    private readonly handlers: StreamHandlers,
  ) {}

  /** Connects at once; also what “Reconnect” and the return of the network do. */
  start = (): void => {
    this.closeSource();
    const query = new URLSearchParams({ topics: this.topics.join(',') });
    if (this.lastEventId !== '') query.set('lastEventId', this.lastEventId);
    const source = new EventSource(`/api/stream?${query.toString()}`);
    this.source = source;
    source.onopen = () => {
      this.attempt = 0;
      this.forgetLoss();
      this.setState('live');
    };
    source.onerror = this.lost;
    source.addEventListener('snapshot', this.receive);
    source.addEventListener('update', this.receive);
    source.addEventListener('resync', () => this.handlers.onResync());
    source.addEventListener('problem', this.markStale); // the numbers cannot be computed just now
  };

  stop = (): void => {
    this.closeSource();
    this.forgetLoss();
  };

  /** The network or the numbers are known to be gone: say so without waiting. */
  markStale = (): void => this.setState('stale');

  private receive = (event: MessageEvent<string>): void => {
    if (event.lastEventId !== '') this.lastEventId = event.lastEventId;
    this.setState('live');
    this.handlers.onMessage(JSON.parse(event.data) as LiveMessage);
  };

  private lost = (): void => {
    this.closeSource();
    this.quietTimer ??= window.setTimeout(() => {
      if (this.state === 'live') this.setState('reconnecting');
    }, QUIET_MS);
    this.staleTimer ??= window.setTimeout(() => this.setState('stale'), STALE_AFTER_MS);
    this.retryTimer = window.setTimeout(this.start, backoffMs(this.attempt));
    this.attempt += 1;
  };

  private forgetLoss(): void {
    window.clearTimeout(this.quietTimer);
    window.clearTimeout(this.staleTimer);
    this.quietTimer = undefined;
    this.staleTimer = undefined;
  }

  private closeSource(): void {
    window.clearTimeout(this.retryTimer);
    this.source?.close();
    this.source = null;
  }

  private setState(state: LiveState): void {
    if (state === this.state) return;
    this.state = state;
    this.handlers.onState(state);
  }
}
