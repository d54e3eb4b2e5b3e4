/** What went wrong with a request, as the API said it (RFC 9457) or as the network left it. */
export class Problem extends Error {
  constructor(
    /** HTTP status; 0 when no answer came at all. */
    readonly status: number,
    /** Stable code of the API's error tree, or `unreachable`. */
    readonly code: string,
    /** The API's own sentence about this occurrence, if it sent one. */
    readonly detail: string | null,
    /** Everything the API said, extensions included. */
    readonly fields: Readonly<Record<string, unknown>> = {},
    /** How long it was in coming. */
    readonly afterMs = 0,
  ) {
    super(detail ?? code);
    this.name = 'Problem';
  }

  static unreachable(afterMs = 0): Problem {
    return new Problem(0, 'unreachable', null, {}, afterMs);
  }

  static async from(response: Response, afterMs = 0): Promise<Problem> {
    const body: unknown = await response.json().catch(() => null);
    const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
    const text = (name: string): string | null => (typeof fields[name] === 'string' ? fields[name] : null);
    return new Problem(response.status, text('code') ?? String(response.status), text('detail'), fields, afterMs);
  }
}

export const isProblem = (error: unknown, status?: number): error is Problem =>
  error instanceof Problem && (status === undefined || error.status === status);
