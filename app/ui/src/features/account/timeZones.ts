/** The zones the browser knows, with their present offset, west to east. */
export function timeZones(current: string, at: Date = new Date()): { name: string; label: string }[] {
  const names = new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', current]);
  return [...names]
    .map((name) => ({ name, minutes: offsetMinutes(name, at) }))
    .sort((one, other) => one.minutes - other.minutes || one.name.localeCompare(other.name))
    .map(({ name, minutes }) => ({ name, label: `(${offsetLabel(minutes)}) ${name.replaceAll('_', ' ')}` }));
}

function offsetMinutes(timeZone: string, at: Date): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at);
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(parts.find((part) => part.type === 'timeZoneName')?.value ?? '') ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
}

function offsetLabel(minutes: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const size = Math.abs(minutes);
  return `UTC${minutes < 0 ? '−' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
