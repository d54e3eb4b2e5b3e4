import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useMemo, useState, type ReactNode, type SubmitEvent } from 'react';

import { changed } from '../../api/client';
import { isProblem } from '../../api/problem';
import { useI18n } from '../../i18n/I18n';
import { Button } from '../../ui/Button';
import { Field, SelectField } from '../../ui/Field';
import { timeZones } from '../account/timeZones';
import styles from './People.module.css';
import { changesOf, valuesOf, type FieldName, type PersonValues } from './personFields';
import { ROLES } from './peopleSearch';
import { departmentsQuery, onePersonQuery, showPerson, type Person } from './queries';

interface Props {
  person: Person;
  isLocked: boolean;
  isMe: boolean;
  mayMakeOwners: boolean;
}

/** The profile. Saves what was changed only, and tells when somebody else was faster. */
export function PersonForm({ person, isLocked, isMe, mayMakeOwners }: Props): ReactNode {
  const { t, format } = useI18n();
  const client = useQueryClient();
  const departments = useQuery(departmentsQuery).data?.data ?? [];
  const listId = useId();
  const [draft, setDraft] = useState<Partial<PersonValues>>({});
  const values = { ...valuesOf(person), ...draft };
  const changes = changesOf(person, values);
  const isChanged = Object.keys(changes).length > 0;
  const zones = useMemo(() => timeZones(person.timeZone), [person.timeZone]);
  const [lost, setLost] = useState<Partial<PersonValues> | null>(null);
  const save = useMutation({
    mutationFn: (body: object) => changed<Person>('PATCH', `/api/admin/people/${person.id}`, { ...body, version: person.version }),
    onSuccess: async (saved) => {
      setDraft({});
      setLost(null);
      await showPerson(client, saved);
    },
    onError: async (error) => {
      if (!isProblem(error, 409) || error.code !== 'conflict') return;
      await client.invalidateQueries({ queryKey: onePersonQuery(person.id).queryKey });
      setLost(draft);
      setDraft({});
    },
  });
  const problem = isProblem(save.error) && save.error.code !== 'conflict' ? save.error : null;
  const input = (name: FieldName) => ({
    name,
    value: values[name],
    disabled: isLocked,
    error: problem?.fields.field === name ? problem.detail : null,
    onChange: (event: { target: { value: string } }) => {
      save.reset();
      setDraft({ ...draft, [name]: event.target.value });
    },
  });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (isChanged) save.mutate(changes);
  };
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <Field label={t('people.name')} dir="auto" maxLength={200} {...input('name')} />
      <div className={styles.pair}>
        <Field label={t('people.jobTitle')} dir="auto" maxLength={200} {...input('jobTitle')} />
        <Field label={t('people.phone')} type="tel" dir="ltr" maxLength={64} {...input('phone')} />
        <Field label={t('people.department')} dir="auto" maxLength={200} list={listId} {...input('department')} />
        <SelectField label={t('people.role')} {...input('role')} disabled={isLocked || (isMe && person.role !== 'owner')}>
          {ROLES.filter((role) => mayMakeOwners || role !== 'owner' || person.role === 'owner').map((role) => (
            <option key={role} value={role}>
              {t(`people.role.${role}`)}
            </option>
          ))}
        </SelectField>
        <SelectField label={t('people.timeZone')} {...input('timeZone')}>
          {zones.map((zone) => (
            <option key={zone.name} value={zone.name}>
              {zone.label}
            </option>
          ))}
        </SelectField>
        <SelectField label={t('people.locale')} {...input('locale')}>
          <option value="en">{t('language.en')}</option>
          <option value="ar">{t('language.ar')}</option>
        </SelectField>
      </div>
      <datalist id={listId}>
        {departments.map((item) => item.department !== null && <option key={item.department} value={item.department} />)}
      </datalist>
      <p className={styles.note}>{t(isMe && person.role !== 'owner' ? 'people.role.own' : 'people.role.help')}</p>
      {lost !== null && (
        <div className={styles.warning} role="alert">
          <p>{t('people.conflict', { name: person.name })}</p>
          <p dir="auto">{t('people.conflict.mine', { what: format.list(Object.values(lost)) })}</p>
          <Button
            size="small"
            onClick={() => {
              setDraft(lost);
              setLost(null);
              save.reset();
            }}
          >
            {t('people.conflict.again')}
          </Button>
        </div>
      )}
      {!isLocked && (
        <div className={styles.foot}>
          <Button type="submit" look="primary" disabled={!isChanged || save.isPending}>
            {t('people.save')}
          </Button>
          {isChanged && (
            <Button look="quiet" onClick={() => setDraft({})}>
              {t('people.cancel')}
            </Button>
          )}
          <p role="status" className={styles.said} data-kind={save.isError ? 'bad' : 'good'}>
            {save.isSuccess && !isChanged && t('people.saved')}
            {problem !== null && <span dir="auto">{problem.detail}</span>}
          </p>
        </div>
      )}
    </form>
  );
}
