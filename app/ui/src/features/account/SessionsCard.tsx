import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { changed, change, read } from '../../api/client';
import type { Answer } from '../../api/types';
import { useI18n } from '../../i18n/I18n';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { ErrorState } from '../../ui/ErrorState';
import { Skeleton } from '../../ui/Skeleton';
import { useToast } from '../../ui/Toast';
import styles from './Account.module.css';

type Session = Answer<'/api/me/sessions'>['data'][number];

const sessionsQuery = queryOptions({
  queryKey: ['/api/me/sessions'] as const,
  queryFn: ({ signal }) => read('/api/me/sessions', {}, signal),
});

/** Where I am signed in, in words, and ending that. */
export function SessionsCard(): ReactNode {
  const { t } = useI18n();
  const client = useQueryClient();
  const say = useToast();
  const sessions = useQuery(sessionsQuery);
  const end = useMutation({
    mutationFn: async (session: Session | null): Promise<number> => {
      if (session === null) return (await changed<{ ended: number }>('DELETE', '/api/me/sessions')).ended;
      await change('DELETE', `/api/me/sessions/${session.id}`);
      return 1;
    },
    onSuccess: async (count) => {
      say(t('sessions.ended', { count }));
      await client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
    },
    onError: () => say(t('sessions.failed')),
  });
  const hasOthers = (sessions.data?.data.length ?? 0) > 1;
  return (
    <Card title={t('sessions.title')}>
      {sessions.data !== undefined ? (
        <>
          <p className={styles.hint}>{t('sessions.text')}</p>
          <ul className={styles.sessions}>
            {sessions.data.data.map((session) => (
              <SessionRow key={session.id} session={session} isPending={end.isPending} onEnd={() => end.mutate(session)} />
            ))}
          </ul>
          {hasOthers && (
            <Button size="small" disabled={end.isPending} onClick={() => end.mutate(null)}>
              {t('sessions.endOthers')}
            </Button>
          )}
        </>
      ) : sessions.isError ? (
        <ErrorState error={sessions.error} onRetry={() => void sessions.refetch()} />
      ) : (
        <Skeleton blockSize="96px" />
      )}
    </Card>
  );
}

function SessionRow({ session, isPending, onEnd }: { session: Session; isPending: boolean; onEnd: () => void }): ReactNode {
  const { t, format } = useI18n();
  const { browser, system } = session;
  const name = browser !== null && system !== null ? t('sessions.on', { browser, system }) : (browser ?? system ?? t('sessions.unknown'));
  return (
    <li className={styles.session}>
      <span>
        <bdi>{name}</bdi>
        <span className={styles.hint}>
          {session.isCurrent ? t('sessions.current') : t('sessions.used', { time: format.moment(session.lastUsedAt) })}
          {' · '}
          {t('sessions.since', { time: format.moment(session.createdAt) })}
        </span>
      </span>
      {!session.isCurrent && (
        <Button size="small" look="quiet" aria-label={t('sessions.end.label', { browser: name })} disabled={isPending} onClick={onEnd}>
          {t('sessions.end')}
        </Button>
      )}
    </li>
  );
}
