/** What administrators change of a person, as a form holds it: every value a text. */
import type { Person } from './queries';

export const FIELDS = ['name', 'jobTitle', 'department', 'phone', 'timeZone', 'locale', 'role'] as const;
export type FieldName = (typeof FIELDS)[number];
export type PersonValues = Record<FieldName, string>;

export const valuesOf = (person: Person): PersonValues => ({
  name: person.name,
  jobTitle: person.jobTitle,
  department: person.department ?? '',
  phone: person.phone,
  timeZone: person.timeZone,
  locale: person.locale,
  role: person.role,
});

/** Only what differs: what others change meanwhile in other fields is not overwritten. */
export function changesOf(person: Person, values: PersonValues): Partial<Record<FieldName, string | null>> {
  const saved = valuesOf(person);
  const changed = FIELDS.filter((name) => values[name].trim() !== saved[name]);
  return Object.fromEntries(changed.map((name) => [name, name === 'department' && values[name].trim() === '' ? null : values[name].trim()]));
}
