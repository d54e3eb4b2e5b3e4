import type { ReactNode } from 'react';

import type { OrganisationStats } from '../../api/types';
import { useI18n } from '../../i18n/I18n';
import { classes } from '../../ui/classes';
import { Skeleton } from '../../ui/Skeleton';
import styles from '../engagement/Answer.module.css';
import { compareCounts } from '../engagement/compareCounts';

/** How often everybody's signatures were opened, against the days before, in one sentence; and how certain that is. */
export function TeamAnswer({ stats }: { stats: OrganisationStats | undefined }): ReactNode {
  return (
    <div className={classes(styles.answer, styles.isLong)}>
      <p className={styles.sentence} data-testid="answer">
        {stats === undefined ? <Skeleton inlineSize="20em" blockSize="0.9em" /> : <Sentence stats={stats} />}
      </p>
      <p className={styles.certainty}>{stats === undefined ? <Skeleton inlineSize="26em" /> : <Certainty stats={stats} />}</p>
    </div>
  );
}

function Sentence({ stats }: { stats: OrganisationStats }): ReactNode {
  const { t, rich, format } = useI18n();
  const { days, from, to } = stats.period;
  const when = days === 1 ? format.day(from, 'short') : t('team.from', { from: format.day(from, 'short'), to: format.day(to, 'short') });
  if (stats.totalOpens === 0) return t('team.answer.none', { when });
  const opens = <strong className="num">{t('engagement.times', { count: stats.totalOpens })}</strong>;
  const comparison = compareCounts(stats.totalOpens, stats.previous.totalOpens);
  if (comparison.kind === 'few') return rich('team.answer.few', { opens, when });
  if (comparison.kind === 'same') return rich('team.answer.same', { opens, when });
  const percent = format.percent(comparison.percent);
  return rich('team.answer.change', {
    opens,
    when,
    change: <strong className="num">{t(`engagement.${comparison.kind}`, { percent })}</strong>,
  });
}

function Certainty({ stats }: { stats: OrganisationStats }): ReactNode {
  const { t, format } = useI18n();
  const before = stats.previous.totalOpens;
  const comparison = compareCounts(stats.totalOpens, before);
  const range = { from: format.day(stats.previous.from, 'short'), to: format.day(stats.previous.to, 'short') };
  const compared = t(stats.period.isRunning ? 'team.compared.running' : 'team.compared', { ...range, count: before });
  const certain =
    comparison.kind === 'few'
      ? t('team.certain.few')
      : t(comparison.isLikely ? 'engagement.certain.likely' : 'engagement.certain.chance', {
          low: format.signedPercent(comparison.low),
          high: format.signedPercent(comparison.high),
        });
  return (
    <>
      {compared} {certain}
      <br />
      {t('engagement.asFar')}
    </>
  );
}
