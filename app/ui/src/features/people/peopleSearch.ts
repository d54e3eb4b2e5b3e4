/** What the address of the page People holds: search, filters, order, and the person that is open. */

export const ROLES = ['owner', 'admin', 'member', 'analyst'] as const;
export const STATES = ['active', 'invited', 'never_signed_in', 'inactive'] as const;
export const SORTS = ['name', 'email', 'department', 'role', 'lastSeen', 'joined'] as const;
/** As a filter: people without a department. */
export const NO_DEPARTMENT = '-';

export type Role = (typeof ROLES)[number];
export type State = (typeof STATES)[number];
export type SortKey = (typeof SORTS)[number];

export interface PeopleSearch {
  search?: string;
  department?: string;
  role?: Role;
  state?: State;
  sort?: SortKey;
  direction?: 'descending';
  /** The person whose details are open. */
  person?: string;
  /** True: the import is open. */
  import?: true;
}

/** The same, where a page takes something out of it. */
export type SearchChange = { [Key in keyof PeopleSearch]?: PeopleSearch[Key] | undefined };

/** Takes of an address what makes sense; the rest is as if it were not there. */
export function checkedSearch(raw: Record<string, unknown>): PeopleSearch {
  const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 200) : '');
  const one = <Value extends string>(values: readonly Value[], value: unknown): Value | undefined => values.find((known) => known === value);
  const found: PeopleSearch = {};
  if (text(raw.search).trim() !== '') found.search = text(raw.search);
  if (text(raw.department) !== '') found.department = text(raw.department);
  const [role, state, sort] = [one(ROLES, raw.role), one(STATES, raw.state), one(SORTS, raw.sort)];
  if (role !== undefined) found.role = role;
  if (state !== undefined) found.state = state;
  if (sort !== undefined && sort !== 'name') found.sort = sort;
  if (raw.direction === 'descending') found.direction = 'descending';
  if (/^[\da-f-]{36}$/i.test(text(raw.person))) found.person = text(raw.person);
  if (raw.import === true) found.import = true;
  return found;
}

/** Which people are asked for: the address without what is open. */
export function askedOf(search: PeopleSearch): Record<string, string> {
  return Object.fromEntries(Object.entries(search).filter(([name]) => name !== 'person' && name !== 'import'));
}

export const isFiltered = (search: PeopleSearch): boolean =>
  search.search !== undefined || search.department !== undefined || search.role !== undefined || search.state !== undefined;
