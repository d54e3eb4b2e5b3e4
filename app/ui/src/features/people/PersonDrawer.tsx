import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { isProblem } from '../../api/problem';
import { meQuery } from '../../api/queries';
import { useI18n } from '../../i18n/I18n';
import { Dialog } from '../../ui/Dialog';
import { ErrorState } from '../../ui/ErrorState';
import { Skeleton } from '../../ui/Skeleton';
import styles from './People.module.css';
import { PersonAccess } from './PersonAccess';
import { PersonForm } from './PersonForm';
import { PersonToken } from './PersonToken';
import { onePersonQuery } from './queries';

interface Props {
  userId: string;
  days: number;
  onClose: () => void;
}

/** One person beside the list: profile, token, way in. */
export function PersonDrawer({ userId, days, onClose }: Props): ReactNode {
  const { t } = useI18n();
  const person = useQuery(onePersonQuery(userId));
  const me = useQuery(meQuery).data;
  const shown = person.data;
  const isLocked = shown?.role === 'owner' && me?.user.role !== 'owner';
  return (
    <Dialog title={shown?.name ?? t('people.title')} isOpen onOpenChange={(isOpen) => !isOpen && onClose()} className={styles.drawer}>
      {isProblem(person.error, 404) || isProblem(person.error, 422) ? (
        <p>{t('people.person.gone', { organisation: me?.organisation.name ?? '' })}</p>
      ) : person.isError && shown === undefined ? (
        <ErrorState error={person.error} onRetry={() => void person.refetch()} />
      ) : shown === undefined || me === undefined ? (
        <Skeleton blockSize="420px" />
      ) : (
        <div className={styles.sections}>
          <p className={styles.note}>
            <span dir="ltr">{shown.email}</span> · {t(`people.state.${shown.state}`)} ·{' '}
            <Link to="/team/$userId" params={{ userId }} search={{ days: 30 }}>
              {t('people.person.engagement')}
            </Link>{' '}
            ·{' '}
            <Link to="/settings/audit" search={{ person: userId }}>
              {t('people.person.audit')}
            </Link>
          </p>
          {isLocked && <p className={styles.warning}>{t('people.owner.only', { name: shown.name })}</p>}
          <PersonForm person={shown} isLocked={isLocked} isMe={me.user.id === userId} mayMakeOwners={me.user.role === 'owner'} />
          <PersonToken person={shown} days={days} isLocked={isLocked} />
          <PersonAccess person={shown} isLocked={isLocked} isMe={me.user.id === userId} />
        </div>
      )}
    </Dialog>
  );
}
