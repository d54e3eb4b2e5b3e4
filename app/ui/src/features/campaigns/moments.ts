/** Moments as `<input type="datetime-local">` has them, in the person's own zone, which need not be the browser's. */

const pad = (value: number): string => String(value).padStart(2, '0');

/** By how much the zone's clock is ahead of UTC at a moment, in ms. */
function offsetAt(at: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((found) => found.type === type)?.value);
  const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return shown - Math.floor(at / 1000) * 1000;
}

/** `2026-11-22T09:30` in the zone, for a moment; empty for none. */
export function toLocal(moment: string | null, timeZone: string): string {
  if (moment === null) return '';
  const at = Date.parse(moment);
  const shown = new Date(at + offsetAt(at, timeZone));
  const date = `${shown.getUTCFullYear()}-${pad(shown.getUTCMonth() + 1)}-${pad(shown.getUTCDate())}`;
  return `${date}T${pad(shown.getUTCHours())}:${pad(shown.getUTCMinutes())}`;
}

/** The moment of a wall-clock time in the zone; null for none. One that clocks jump over means as long after the jump. */
export function toMoment(local: string, timeZone: string): string | null {
  if (local === '') return null;
  const wall = Date.parse(`${local}Z`);
  if (Number.isNaN(wall)) return null;
  const first = wall - offsetAt(wall, timeZone);
  const at = wall - offsetAt(first, timeZone);
  // Around a change of the clock the two guesses differ; the one whose wall clock is right wins, else the later one.
  const right = [first, at].find((guess) => guess + offsetAt(guess, timeZone) === wall);
  return new Date(right ?? Math.max(first, at)).toISOString();
}
