import { useQuery } from '@tanstack/react-query';
import { useId, useState, type ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import { Field } from '../../ui/Field';
import { someoneQuery } from './queries';

/** Whose data the preview shows: typed by name or address, chosen from the list; nobody chosen: oneself. */
export function PersonPicker({ onPick }: { onPick: (userId: string | null) => void }): ReactNode {
  const { t } = useI18n();
  const [text, setText] = useState('');
  const list = useId();
  const people = useQuery(someoneQuery(text.replace(/\s*<.*$/, '').trim())).data?.data ?? [];
  const labelOf = (person: { name: string; email: string }): string => `${person.name} <${person.email}>`;
  return (
    <>
      <Field
        label={t('signatures.preview.person')}
        placeholder={t('signatures.preview.me')}
        type="search"
        list={list}
        dir="auto"
        value={text}
        onChange={(event) => {
          const typed = event.target.value;
          setText(typed);
          const chosen = people.find((person) => labelOf(person) === typed);
          if (chosen !== undefined) onPick(chosen.id);
          else if (typed === '') onPick(null);
        }}
      />
      <datalist id={list}>
        {people.map((person) => (
          <option key={person.id} value={labelOf(person)} />
        ))}
      </datalist>
    </>
  );
}
