import { storedAt, useKept, type Place } from './useKept';

/** Changes to something that is saved with a version: only what was touched is kept, the rest follows the server. */
interface Draft<Wish> {
  /** The version the person was looking at when they began. */
  version: number;
  changes: Partial<Wish>;
}

export interface VersionedDraft<Wish> {
  values: Wish;
  changed: readonly (keyof Wish)[];
  /** What to send: all of it, and the version it is a change of. */
  body: Wish & { version: number };
  set: (change: Partial<Wish>) => void;
  /** Go on from what is saved now, keeping one's own changes: after a conflict was seen. */
  rebase: () => void;
  discard: () => void;
}

const isDraft = <Wish>(value: object): value is Draft<Wish> => 'version' in value && 'changes' in value;
const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** The names among `names` in which a kept draft differs from what is saved. */
export function unsavedNames<Wish extends object>(place: Place, key: string, saved: Wish, names: readonly (keyof Wish)[]): readonly (keyof Wish)[] {
  const changes: Partial<Wish> = storedAt<Draft<Wish>>(place, key, isDraft)?.changes ?? {};
  return names.filter((name) => name in changes && !same(changes[name], saved[name]));
}

/** Something being edited, kept at its place over a reload until it is saved or discarded. */
export function useVersionedDraft<Wish extends object>(
  place: Place,
  key: string,
  saved: Wish & { version: number },
  names: readonly (keyof Wish)[],
): VersionedDraft<Wish> {
  const [draft, keep] = useKept<Draft<Wish>>(place, key, isDraft);
  const own = Object.fromEntries(names.map((name) => [name, saved[name]])) as Wish;
  const values: Wish = { ...own, ...draft?.changes };
  const version = draft?.version ?? saved.version;
  return {
    values,
    changed: names.filter((name) => !same(values[name], saved[name])),
    body: { ...values, version },
    set: (change) => keep({ version, changes: { ...draft?.changes, ...change } }),
    rebase: () => keep(draft === null ? null : { ...draft, version: saved.version }),
    discard: () => keep(null),
  };
}
