import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';

import { change, ME_KEY } from '../api/client';
import type { Me } from '../api/types';
import { setPreferences, type Language } from '../preferences/preferences';

/** What the menus can do for the signed-in person: choose a language, sign out. */
export function useProfileActions(): { chooseLanguage: (language: Language) => void; signOut: () => void } {
  const client = useQueryClient();
  const navigate = useNavigate();
  const keep = useMutation({
    mutationFn: (locale: Language) => change('PATCH', '/api/me', { locale }),
    onSuccess: () => client.invalidateQueries(), // week starts and texts from the server follow the language
  });
  const leave = useMutation({
    mutationFn: () => change('POST', '/api/auth/signout'),
    onSettled: () => {
      void navigate({ to: '/signin', search: { why: 'signedOut' } }).then(() => client.clear());
    },
  });
  return {
    chooseLanguage: (language) => {
      setPreferences({ language });
      client.setQueryData<Me>(ME_KEY, (me) => (me === undefined ? me : { ...me, user: { ...me.user, locale: language } }));
      keep.mutate(language);
    },
    signOut: () => leave.mutate(),
  };
}
