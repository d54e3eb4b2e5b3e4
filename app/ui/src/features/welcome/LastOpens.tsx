import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { myOpensQuery } from '../../api/queries';
import { useI18n } from '../../i18n/I18n';
import { Card } from '../../ui/Card';
import { ErrorState } from '../../ui/ErrorState';
import { Skeleton } from '../../ui/Skeleton';
import { OpensList } from '../opens/OpensList';
import styles from './WelcomePage.module.css';

const SHOWN = 8;

/** The newest opens with what became of them. */
export function LastOpens(): ReactNode {
  const { t } = useI18n();
  const opens = useQuery(myOpensQuery);
  return (
    <Card title={t('welcome.last')}>
      <div className={styles.opens}>
        {opens.isPending && <Skeleton blockSize="228px" />}
        {opens.isError && opens.data === undefined && <ErrorState error={opens.error} onRetry={() => void opens.refetch()} />}
        {opens.data?.data.length === 0 && <p className={styles.placeholder}>{t('welcome.last.empty')}</p>}
        {opens.data !== undefined && opens.data.data.length > 0 && <OpensList opens={opens.data.data.slice(0, SHOWN)} />}
      </div>
    </Card>
  );
}
