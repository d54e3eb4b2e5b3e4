import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { useMemo, type ReactNode } from 'react';

import { isProblem } from '../../api/problem';
import { meQuery } from '../../api/queries';
import { useI18n } from '../../i18n/I18n';
import { ADMINS } from '../../shell/pages';
import { usePageTitle } from '../../shell/usePageTitle';
import { Card } from '../../ui/Card';
import { ErrorState } from '../../ui/ErrorState';
import { ExplanationContext } from '../../ui/explanation';
import { NoPermission } from '../../ui/NoPermission';
import { Notice } from '../../ui/Notice';
import { PageHeader } from '../../ui/PageHeader';
import { Skeleton } from '../../ui/Skeleton';
import { AboutTracking } from '../engagement/AboutTracking';
import { CampaignActions } from './CampaignActions';
import { CampaignFacts } from './CampaignFacts';
import { CampaignForm } from './CampaignForm';
import { CampaignResults } from './CampaignResults';
import styles from './Campaigns.module.css';
import { HowItWorks } from './HowItWorks';
import { campaignExplainQuery, campaignQuery, type Campaign } from './queries';
import { StateChip } from './StateChip';

const route = getRouteApi('/app/campaigns/$campaignId');

/** One campaign: a draft to be edited, or what came of it. */
export default function CampaignPage(): ReactNode {
  const { t } = useI18n();
  const { campaignId } = route.useParams();
  const found = useQuery(campaignQuery(campaignId));
  const me = useQuery(meQuery).data;
  const explanation = useMemo(() => campaignExplainQuery(campaignId), [campaignId]);
  const campaign = found.data;
  const title = campaign?.name ?? t('campaigns.one');
  usePageTitle(title);
  const organisation = me?.organisation.name ?? '';
  const mayChange = me !== undefined && ADMINS.includes(me.user.role);
  return (
    <ExplanationContext value={explanation}>
      <Link to="/campaigns" className={styles.back}>
        <ArrowLeft size={14} aria-hidden />
        {t('campaigns.title')}
      </Link>
      <PageHeader title={title} state={campaign !== undefined && <StateChip state={campaign.state} />}>
        {campaign !== undefined && mayChange && <CampaignActions campaign={campaign} />}
      </PageHeader>
      {isProblem(found.error, 403) ? (
        <NoPermission text={t('campaigns.forbidden', { organisation })} />
      ) : isProblem(found.error, 404) || isProblem(found.error, 422) ? (
        <Notice title={t('campaigns.gone')}>
          <p>{t('campaigns.gone.text', { organisation })}</p>
        </Notice>
      ) : found.isError && campaign === undefined ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      ) : campaign === undefined || me === undefined ? (
        <Card>
          <Skeleton blockSize="420px" />
        </Card>
      ) : (
        <>
          {found.isError && (
            <p className={styles.warning} role="status">
              {t('campaigns.stale')}
            </p>
          )}
          <Body campaign={campaign} mayChange={mayChange} now={found.dataUpdatedAt} />
        </>
      )}
      {me !== undefined && <AboutTracking retentionDays={me.settings.retentionDays} />}
    </ExplanationContext>
  );
}

/** `now`: when the campaign was looked at last; a start before that did not happen. */
function Body({ campaign, mayChange, now }: { campaign: Campaign; mayChange: boolean; now: number }): ReactNode {
  const { t, format } = useI18n();
  const isDraft = campaign.state === 'draft';
  const isMissed = isDraft && campaign.startsAt !== null && Date.parse(campaign.startsAt) <= now;
  return (
    <>
      {!campaign.isTrackingOn && <p className={styles.warning}>{t('campaigns.trackingOff')}</p>}
      {isMissed && (
        <p className={styles.warning}>
          {t(campaign.people === 0 ? 'campaigns.missed.nobody' : 'campaigns.missed', { time: format.moment(campaign.startsAt ?? '') })}
        </p>
      )}
      {!isDraft && <CampaignResults campaign={campaign} />}
      <div className={styles.columns}>
        {mayChange ? <CampaignForm campaign={campaign} key={campaign.id} /> : <CampaignFacts campaign={campaign} />}
        <HowItWorks campaign={campaign} />
      </div>
    </>
  );
}
