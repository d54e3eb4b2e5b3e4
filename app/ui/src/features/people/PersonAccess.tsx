import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { changed } from '../../api/client';
import { isProblem } from '../../api/problem';
import { useI18n } from '../../i18n/I18n';
import { Button } from '../../ui/Button';
import { CopyButton } from '../../ui/CopyButton';
import { Field } from '../../ui/Field';
import { Confirm } from './Confirm';
import styles from './People.module.css';
import { forgetPeople, type Person } from './queries';
import { usePersonAction } from './usePersonAction';

interface Props {
  person: Person;
  isLocked: boolean;
  isMe: boolean;
}

/** How the person gets in, and ending that. */
export function PersonAccess({ person, isLocked, isMe }: Props): ReactNode {
  const { t } = useI18n();
  const act = usePersonAction(person);
  const { name } = person;
  if (isLocked) return null;
  return (
    <section className={styles.section} aria-label={t('people.invite.title')}>
      <h3>{t('people.invite.title')}</h3>
      {person.state === 'inactive' ? (
        <>
          <p className={styles.note}>{t('people.reactivate.text', { name })}</p>
          <div className={styles.actions}>
            <Button size="small" disabled={act.isPending} onClick={() => act.mutate({ path: 'reactivate', said: t('people.reactivate.done', { name }) })}>
              {t('people.reactivate')}
            </Button>
          </div>
        </>
      ) : (
        <>
          <p className={styles.note}>{t(`people.invite.text.${person.state}`, { name })}</p>
          <div className={styles.actions}>
            <Invitation person={person} />
            {!isMe && (
              <Confirm
                label={t('people.deactivate')}
                question={t('people.deactivate.ask', { name })}
                text={t('people.deactivate.text', { name })}
                doIt={t('people.deactivate.do', { name })}
                isPending={act.isPending}
                onConfirm={() => act.mutate({ path: 'deactivate', said: t('people.deactivate.done', { name }) })}
              />
            )}
          </div>
        </>
      )}
    </section>
  );
}

function Invitation({ person }: { person: Person }): ReactNode {
  const { t, format } = useI18n();
  const client = useQueryClient();
  const invite = useMutation({
    mutationFn: () => changed<{ url: string; expiresAt: string }>('POST', `/api/admin/people/${person.id}/invitation`),
    onSuccess: () => forgetPeople(client),
  });
  if (invite.data !== undefined) {
    return (
      <div className={styles.link}>
        <Field
          label={t('people.invite.url')}
          value={invite.data.url}
          readOnly
          dir="ltr"
          help={t('people.invite.once', { time: format.moment(invite.data.expiresAt) })}
          onFocus={(event) => event.target.select()}
        />
        <CopyButton text={invite.data.url} label={t('people.invite.copy')} />
      </div>
    );
  }
  return (
    <>
      <Button size="small" disabled={invite.isPending} onClick={() => invite.mutate()}>
        {t('people.invite.make')}
      </Button>
      {invite.isError && (
        <p role="alert" className={styles.said} data-kind="bad" dir="auto">
          {isProblem(invite.error) ? (invite.error.detail ?? invite.error.code) : invite.error.message}
        </p>
      )}
    </>
  );
}
