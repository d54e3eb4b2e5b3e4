import type { ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import { Button } from '../../ui/Button';
import { Confirm } from './Confirm';
import styles from './People.module.css';
import type { Person } from './queries';
import { usePersonAction } from './usePersonAction';

/** The token in the person's signature: whether it counts, what became of old ones, and changing it. */
export function PersonToken({ person, days, isLocked }: { person: Person; days: number; isLocked: boolean }): ReactNode {
  const { t, format } = useI18n();
  const act = usePersonAction(person);
  const { name, token, oldSignatures } = person;
  const old = oldSignatures === null ? 0 : oldSignatures.rotated + oldSignatures.deactivated;
  const since = token.since === null ? '' : format.moment(token.since);
  return (
    <section className={styles.section} aria-label={t('people.token.title')}>
      <h3>{t('people.token.title')}</h3>
      <p className={styles.note}>
        {token.since === null ? t('people.token.never') : t(token.state === 'active' ? 'people.token.since' : 'people.token.offSince', { time: since })}{' '}
        {token.rotated > 0 && t('people.token.rotated', { count: token.rotated })}
      </p>
      {old > 0 && (
        <div className={styles.warning}>
          <p>
            <strong>{t('people.token.old', { count: old, days: format.number(days) })}</strong>
          </p>
          <p>{t('people.token.old.text', { name })}</p>
        </div>
      )}
      {!isLocked && person.isActive && (
        <div className={styles.actions}>
          <Confirm
            label={t('people.token.rotate')}
            question={t('people.token.rotate.ask', { name })}
            text={t('people.token.rotate.text', { name })}
            doIt={t('people.token.rotate.do', { name })}
            isPending={act.isPending}
            onConfirm={() => act.mutate({ path: 'token/rotate', said: t('people.token.rotate.done', { name }) })}
          />
          {token.state === 'active' ? (
            <Button size="small" look="quiet" disabled={act.isPending} onClick={() => act.mutate({ path: 'token/deactivate', said: t('people.token.off.done', { name }) })}>
              {t('people.token.off')}
            </Button>
          ) : (
            <Button size="small" look="quiet" disabled={act.isPending} onClick={() => act.mutate({ path: 'token/activate', said: t('people.token.on.done', { name }) })}>
              {t('people.token.on')}
            </Button>
          )}
        </div>
      )}
    </section>
  );
}
