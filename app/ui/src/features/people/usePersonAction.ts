/** Something done to a person that the API answers with the person: shown at once, said in a toast. */
import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';

import { changed } from '../../api/client';
import { isProblem } from '../../api/problem';
import { useToast } from '../../ui/Toast';
import { showPerson, type Person } from './queries';

export interface PersonAction {
  /** After `/api/admin/people/{id}/`. */
  path: string;
  /** What the toast says. */
  said: string;
}

export function usePersonAction(person: Person): UseMutationResult<Person, Error, PersonAction> {
  const client = useQueryClient();
  const say = useToast();
  return useMutation({
    mutationFn: ({ path }: PersonAction) => changed<Person>('POST', `/api/admin/people/${person.id}/${path}`),
    onSuccess: async (now, { said }) => {
      say(said);
      await showPerson(client, now);
    },
    onError: (error) => say(isProblem(error) ? (error.detail ?? error.code) : error.message),
  });
}
