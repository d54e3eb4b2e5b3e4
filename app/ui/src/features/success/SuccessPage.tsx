import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { isProblem } from '../../api/problem';
import { meQuery } from '../../api/queries';
import { useI18n } from '../../i18n/I18n';
import { usePageTitle } from '../../shell/usePageTitle';
import { AboutNumber } from '../../ui/AboutNumber';
import { ErrorState } from '../../ui/ErrorState';
import { ExplanationContext } from '../../ui/explanation';
import { NoPermission } from '../../ui/NoPermission';
import { PageHeader } from '../../ui/PageHeader';
import { AsOf } from '../team/TeamPage';
import { CollectorsCard } from './CollectorsCard';
import { LosingAlert } from './LosingAlert';
import { Metric } from './Metric';
import { successExplanation, successQuery, type SuccessMetrics } from './queries';
import { RecordingFacts } from './RecordingFacts';
import styles from './Success.module.css';

/** The customer's success metrics: who looks, what is recorded, how fast, who tracks. */
export default function SuccessPage(): ReactNode {
  const { t } = useI18n();
  const success = useQuery(successQuery);
  const me = useQuery(meQuery).data;
  usePageTitle(t('success.title'));
  const found = success.data;
  return (
    <>
      <PageHeader title={t('success.title')} state={found !== undefined && <AsOf at={found.asOf} isStale={success.isError} />} />
      {isProblem(success.error, 403) ? (
        <NoPermission text={t('success.forbidden', { organisation: me?.organisation.name ?? '' })} />
      ) : success.isError && found === undefined ? (
        <ErrorState error={success.error} onRetry={() => void success.refetch()} />
      ) : (
        <div className={styles.grid}>
          {found?.collectors.map((collector) => collector.losing !== null && <LosingAlert key={collector.name} name={collector.name} losing={collector.losing} />)}
          <LookingMetric found={found} />
          <RecordingMetric found={found} />
          <LatencyMetric found={found} />
          <TrackingMetric found={found} />
          {found?.isOperator === true && <CollectorsCard collectors={found.collectors} />}
        </div>
      )}
    </>
  );
}

interface Found {
  found: SuccessMetrics | undefined;
}

function LookingMetric({ found }: Found): ReactNode {
  const { t, format } = useI18n();
  const looking = found?.looking;
  const share = looking === undefined || looking.people === 0 ? undefined : (100 * looking.last7Days) / looking.people;
  return (
    <Metric
      title={t('success.looking')}
      value={looking === undefined ? undefined : share === undefined ? null : format.percent(Math.round(share))}
      of={t('success.looking.of', { seen: looking?.last7Days ?? 0, month: looking?.last30Days ?? 0, count: looking?.people ?? 0 })}
      share={share}
      definition={t('success.looking.definition')}
      target={t('success.target.none')}
      freshness={t('success.looking.freshness')}
    />
  );
}

function RecordingMetric({ found }: Found): ReactNode {
  const { t, format } = useI18n();
  const recording = found?.recording;
  const share = recording?.share;
  return (
    <Metric
      title={t('success.recording')}
      value={found === undefined ? undefined : share == null ? null : format.exactPercent(share)}
      of={
        recording == null
          ? t(found?.isOperator === false ? 'success.operatorOnly' : 'success.recording.none')
          : t('success.recording.of', { accepted: recording.accepted, count: recording.accepted + recording.lost })
      }
      share={share}
      definition={t('success.recording.definition')}
      target={t('success.recording.target')}
      freshness={recording == null ? '–' : t(recording.isDeleting ? 'success.since.deleting' : recording.isExact ? 'success.since' : 'success.since.inexact', { time: format.moment(recording.since) })}
      about={
        recording != null && (
          <ExplanationContext value={successExplanation}>
            <AboutNumber name={t('success.recording')} counts={t('success.recording.sql')} asOf={found?.asOf} query="hits_ended" />
          </ExplanationContext>
        )
      }
    >
      {recording != null && <RecordingFacts recording={recording} />}
    </Metric>
  );
}

function LatencyMetric({ found }: Found): ReactNode {
  const { t, format } = useI18n();
  const latency = found?.latency;
  const time = (value: number | null): string =>
    value === null ? t('success.latency.longer') : t('success.latency.ms', { value: format.average(value) });
  return (
    <Metric
      title={t('success.latency')}
      value={found === undefined ? undefined : latency == null ? null : time(latency.p95Ms)}
      of={
        latency == null
          ? t('success.latency.none')
          : t('success.latency.of', { p50: time(latency.p50Ms), p99: time(latency.p99Ms), within: format.exactPercent(latency.withinTarget) })
      }
      share={latency?.withinTarget}
      definition={t('success.latency.definition')}
      target={t('success.latency.target', { value: latency?.targetMs ?? 50 })}
      freshness={latency == null ? '–' : t('success.since', { time: format.moment(latency.since) })}
    >
      {latency?.requests != null && <p className={styles.of}>{t('success.latency.requests', { count: latency.requests })}</p>}
    </Metric>
  );
}

function TrackingMetric({ found }: Found): ReactNode {
  const { t, format } = useI18n();
  const tracking = found?.tracking;
  const all = tracking?.organisations ?? null;
  const on = tracking?.organisationsOn ?? 0;
  const share = all === null || all === 0 ? null : (100 * on) / all;
  const own = t(tracking?.isOn === true ? 'success.tracking.on' : 'success.tracking.off');
  return (
    <Metric
      title={t('success.tracking')}
      value={tracking === undefined ? undefined : share === null ? own : format.percent(Math.round(share))}
      of={share === null ? t('success.operatorOnly') : t('success.tracking.of', { on, count: all ?? 0 })}
      share={share}
      definition={t('success.tracking.definition')}
      target={t('success.target.none')}
      freshness={t('success.now')}
    />
  );
}
