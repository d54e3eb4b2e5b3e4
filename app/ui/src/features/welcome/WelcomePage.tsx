import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { meQuery, mySignatureQuery, myStatsQuery } from '../../api/queries';
import { useI18n } from '../../i18n/I18n';
import { usePageTitle } from '../../shell/usePageTitle';
import { ErrorState } from '../../ui/ErrorState';
import { LiveIndicator } from '../../ui/LiveIndicator';
import { PageHeader } from '../../ui/PageHeader';
import { useToast } from '../../ui/Toast';
import { AboutTracking } from '../engagement/AboutTracking';
import { Counter } from './Counter';
import { LastOpens } from './LastOpens';
import { PasteHelp } from './PasteHelp';
import { PixelCard } from './PixelCard';
import { SignatureCard } from './SignatureCard';
import { useFirstOpen } from './useFirstOpen';
import styles from './WelcomePage.module.css';

/** My signature: what it looks like, how to use it, and the number that moves when it is opened. */
export default function WelcomePage(): ReactNode {
  const { t } = useI18n();
  const say = useToast();
  const me = useQuery(meQuery).data;
  const stats = useQuery(myStatsQuery);
  const signature = useQuery(mySignatureQuery);
  usePageTitle(t('welcome.title'));
  const isFirstRun = stats.data?.lastOpenAt === null;
  useFirstOpen(stats.data?.lastOpenAt, () => say(t('welcome.firstOpen')));
  return (
    <>
      <PageHeader
        title={t(isFirstRun ? 'welcome.firstRun' : 'welcome.title')}
        state={<LiveIndicator asOf={stats.data?.asOf} />}
      />
      <p className={styles.lead}>{t('welcome.lead')}</p>
      <div className={styles.columns}>
        <div className={styles.column}>
          {signature.isError ? (
            <ErrorState error={signature.error} onRetry={() => void signature.refetch()} />
          ) : (
            <>
              <SignatureCard signature={signature.data} organisation={me?.organisation.name ?? ''} />
              {signature.data?.pixelUrl !== null && <PixelCard pixelUrl={signature.data?.pixelUrl} />}
              <PasteHelp />
            </>
          )}
        </div>
        <div className={styles.column}>
          <Counter stats={stats.data} />
          <LastOpens />
        </div>
      </div>
      {me !== undefined && <AboutTracking retentionDays={me.settings.retentionDays} />}
    </>
  );
}
