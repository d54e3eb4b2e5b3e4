/** What the pages of people ask the API, and what they change. */
import { infiniteQueryOptions, keepPreviousData, queryOptions, type QueryClient } from '@tanstack/react-query';

import { read } from '../../api/client';
import type { Answer } from '../../api/types';
import { askedOf, type PeopleSearch } from './peopleSearch';

export type People = Answer<'/api/admin/people'>;
export type Person = People['data'][number];

const PEOPLE = '/api/admin/people';
const PAGE = 100;

export const peopleQuery = (search: PeopleSearch) =>
  infiniteQueryOptions({
    queryKey: [PEOPLE, 'list', askedOf(search)] as const,
    queryFn: ({ pageParam, signal }) =>
      read(PEOPLE, { ...askedOf(search), limit: PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last: People) => last.nextCursor,
    placeholderData: keepPreviousData,
  });

export const onePersonQuery = (userId: string) =>
  queryOptions({
    queryKey: [PEOPLE, 'one', userId] as const,
    queryFn: ({ signal }) => read('/api/admin/people/{userId}', { userId }, signal),
  });

export const departmentsQuery = queryOptions({
  queryKey: [PEOPLE, 'departments'] as const,
  queryFn: ({ signal }) => read('/api/admin/people/departments', {}, signal),
  staleTime: 60_000,
});

/** Where the file of these people is. */
export const exportPath = (search: PeopleSearch): string => {
  const query = new URLSearchParams(askedOf(search)).toString();
  return `${PEOPLE}/export${query === '' ? '' : `?${query}`}`;
};

/** Shows a person as the API just said they are, and has everything that lists people looked at again. */
export async function showPerson(client: QueryClient, person: Person): Promise<void> {
  client.setQueryData(onePersonQuery(person.id).queryKey, person);
  await client.invalidateQueries({ queryKey: [PEOPLE] });
}

export const forgetPeople = (client: QueryClient): Promise<void> => client.invalidateQueries({ queryKey: [PEOPLE] });
