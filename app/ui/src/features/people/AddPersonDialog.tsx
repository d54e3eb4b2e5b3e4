import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState, type ReactNode, type SubmitEvent } from 'react';

import { changed } from '../../api/client';
import { isProblem } from '../../api/problem';
import { meQuery } from '../../api/queries';
import { useI18n } from '../../i18n/I18n';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Field, SelectField } from '../../ui/Field';
import { formText } from '../../ui/formText';
import { useToast } from '../../ui/Toast';
import styles from './People.module.css';
import { ROLES } from './peopleSearch';
import { departmentsQuery, forgetPeople, type Person } from './queries';

/** One new person: name and address are enough. */
export function AddPersonDialog({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useI18n();
  const client = useQueryClient();
  const say = useToast();
  const listId = useId();
  const me = useQuery(meQuery).data;
  const departments = useQuery(departmentsQuery).data?.data ?? [];
  const [isMissing, setMissing] = useState(false);
  const add = useMutation({
    mutationFn: (body: object) => changed<Person>('POST', '/api/admin/people', body),
    onSuccess: async (person) => {
      say(t('people.add.done', { name: person.name }));
      onClose();
      await forgetPeople(client);
    },
  });
  const problem = isProblem(add.error) ? add.error : null;
  const errorOf = (name: string): string | null => (problem?.fields.field === name ? problem.detail : null);
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [name, email] = [formText(form, 'name').trim(), formText(form, 'email').trim()];
    setMissing(name === '' || email === '');
    if (name === '' || email === '') return;
    add.mutate({ name, email, department: formText(form, 'department').trim() || null, role: formText(form, 'role') });
  };
  return (
    <Dialog title={t('people.add.title')} isOpen onOpenChange={(isOpen) => !isOpen && onClose()}>
      <form className={styles.form} onSubmit={submit} noValidate>
        <Field data-first-focus label={t('people.name')} name="name" dir="auto" maxLength={200} autoComplete="off" required error={errorOf('name')} />
        <Field label={t('people.email')} name="email" type="email" dir="ltr" maxLength={320} autoComplete="off" required error={errorOf('email')} />
        <Field label={t('people.department')} name="department" dir="auto" maxLength={200} list={listId} mark={t('account.optional')} help={t('people.department.help')} error={errorOf('department')} />
        <SelectField label={t('people.role')} name="role" defaultValue="member" help={t('people.role.help')} error={errorOf('role')}>
          {ROLES.filter((role) => role !== 'owner' || me?.user.role === 'owner').map((role) => (
            <option key={role} value={role}>
              {t(`people.role.${role}`)}
            </option>
          ))}
        </SelectField>
        <datalist id={listId}>
          {departments.map((item) => item.department !== null && <option key={item.department} value={item.department} />)}
        </datalist>
        {(isMissing || (problem !== null && problem.fields.field === undefined)) && (
          <p role="alert" className={styles.said} data-kind="bad" dir="auto">
            {isMissing ? t('people.add.missing') : (problem?.detail ?? '')}
          </p>
        )}
        <div className={styles.foot}>
          <Button type="submit" look="primary" disabled={add.isPending}>
            {t('people.add.do')}
          </Button>
          <Button look="quiet" onClick={onClose}>
            {t('people.cancel')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
