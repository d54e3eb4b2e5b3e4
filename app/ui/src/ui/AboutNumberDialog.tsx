import { useQuery } from '@tanstack/react-query';
import { useContext, type ReactNode } from 'react';

import { useI18n } from '../i18n/I18n';
import type { NumberFacts } from './AboutNumber';
import styles from './AboutNumberDialog.module.css';
import { CopyButton } from './CopyButton';
import { Dialog } from './Dialog';
import { ExplanationContext } from './explanation';
import { Skeleton } from './Skeleton';

/** All there is to doubt about one number: what it counts, how fresh it is, and the SQL that gives it again. */
export default function AboutNumberDialog({ name, counts, asOf, query, onClose }: NumberFacts & { onClose: () => void }): ReactNode {
  const { t, format } = useI18n();
  return (
    <Dialog title={name} isOpen onOpenChange={(isOpen) => !isOpen && onClose()}>
      <dl className={styles.facts}>
        <dt>{t('stat.counts')}</dt>
        <dd>{counts}</dd>
        {asOf !== undefined && (
          <>
            <dt>{t('stat.fresh')}</dt>
            <dd>{t(query === undefined ? 'stat.asOf' : 'stat.freshDetail', { time: format.moment(asOf) })}</dd>
          </>
        )}
        {query !== undefined && <Sql query={query} />}
      </dl>
    </Dialog>
  );
}

function Sql({ query }: { query: string }): ReactNode {
  const { t, rich } = useI18n();
  const explanation = useQuery(useContext(ExplanationContext));
  const found = explanation.data?.queries.find((entry) => entry.name === query);
  return (
    <>
      <dt className={styles.sqlTitle}>
        {t('stat.sql')}
        {found !== undefined && <CopyButton text={found.sql} />}
      </dt>
      <dd>
        {explanation.isPending && <Skeleton blockSize="180px" />}
        {explanation.isError && t('stat.sqlError')}
        {explanation.isSuccess && found === undefined && t('stat.sqlMissing')}
        {found !== undefined && (
          <>
            <p>{rich('stat.sqlHint', { command: <code dir="ltr">heliograph sql</code> })}</p>
            {/* A region that scrolls must be reachable by keyboard. */}
            {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
            <pre dir="ltr" className={styles.sql} tabIndex={0}>
              {found.sql.trim()}
            </pre>
          </>
        )}
      </dd>
    </>
  );
}
