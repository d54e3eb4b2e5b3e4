import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState, type ReactNode } from 'react';

import { meQuery } from '../../api/queries';
import { useI18n } from '../../i18n/I18n';
import { ADMINS } from '../../shell/pages';
import { usePageTitle } from '../../shell/usePageTitle';
import { Button } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { PageHeader } from '../../ui/PageHeader';
import { Segmented } from '../../ui/Segmented';
import styles from './Keys.module.css';
import { KeysTable } from './KeysTable';
import { NewKeyDialog } from './NewKeyDialog';
import { allKeysQuery, myKeysQuery } from './queries';

/** The keys programs sign in with: everybody's own, and for those who manage people all of them. */
export default function KeysPage(): ReactNode {
  const { t } = useI18n();
  const role = useQuery(meQuery).data?.user.role;
  const mayAll = role !== undefined && ADMINS.includes(role);
  const [whose, setWhose] = useState<'mine' | 'all'>('mine');
  const [isMaking, setMaking] = useState(false);
  const mine = useQuery(myKeysQuery);
  const all = useQuery({ ...allKeysQuery, enabled: mayAll && whose === 'all' });
  const keys = whose === 'all' && mayAll ? all : mine;
  usePageTitle(t('apikeys.title'));

  const make = (
    <Button look="primary" icon={<Plus aria-hidden />} onClick={() => setMaking(true)}>
      {t('apikeys.make')}
    </Button>
  );
  const choice = mayAll ? (
    <Segmented
      label={t('apikeys.whose')}
      value={whose}
      onChange={setWhose}
      options={(['mine', 'all'] as const).map((value) => ({ value, label: t(`apikeys.${value}`) }))}
    />
  ) : undefined;
  const hasRows = keys.data?.data.length !== 0 && !(keys.isError && keys.data === undefined);
  return (
    <>
      <PageHeader title={t('apikeys.title')}>{make}</PageHeader>
      <p className={styles.lead}>{t('apikeys.lead')}</p>
      {keys.isError && keys.data !== undefined && (
        <p role="status" className={styles.lead}>
          {t('apikeys.stale')}
        </p>
      )}
      {!hasRows && choice !== undefined && <div className={styles.bar}>{choice}</div>}
      {keys.isError && keys.data === undefined ? (
        <ErrorState error={keys.error} onRetry={() => void keys.refetch()} />
      ) : hasRows ? (
        <KeysTable keys={keys.data?.data} isOfAll={keys === all} tools={choice} />
      ) : (
        <EmptyState title={t('apikeys.empty.title')} action={<Button onClick={() => setMaking(true)}>{t('apikeys.make')}</Button>}>
          <p>{t('apikeys.empty.text')}</p>
        </EmptyState>
      )}
      {isMaking && <NewKeyDialog onClose={() => setMaking(false)} />}
    </>
  );
}
