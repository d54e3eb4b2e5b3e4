import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { meQuery } from '../../api/queries';
import type { MessageKey } from '../../i18n/en';
import { useI18n } from '../../i18n/I18n';
import { usePageTitle } from '../../shell/usePageTitle';
import { Card } from '../../ui/Card';
import { PageHeader } from '../../ui/PageHeader';
import { Skeleton } from '../../ui/Skeleton';
import { Disclaimers } from '../engagement/AboutTracking';
import styles from './About.module.css';

/** The parts below the disclaimers, each with its sentences. */
const PARTS: readonly { title: MessageKey; points: readonly MessageKey[] }[] = [
  {
    title: 'about.counted',
    points: ['about.counted.people', 'about.counted.proxies', 'about.counted.machines', 'about.counted.limit', 'about.counted.notStored'],
  },
  { title: 'about.missing', points: ['about.missing.forty', 'about.missing.blocked', 'about.missing.apple', 'about.missing.old', 'about.missing.compare'] },
  { title: 'about.unique', points: ['about.unique.what', 'about.unique.day', 'about.unique.office', 'about.unique.proxy'] },
  { title: 'about.nobody', points: ['about.nobody.token', 'about.nobody.hash', 'about.nobody.message', 'about.nobody.alone'] },
];

/** About email tracking: what the numbers are, what they are not, and what nobody can learn from them. */
export default function AboutPage(): ReactNode {
  const { t } = useI18n();
  const me = useQuery(meQuery).data;
  usePageTitle(t('about.title'));
  return (
    <>
      <PageHeader title={t('about.title')} />
      <div className={styles.page}>
        <Card title={t('about.short')}>
          {me === undefined ? (
            <Skeleton blockSize="150px" />
          ) : (
            <>
              <Disclaimers retentionDays={me.settings.retentionDays} />
              <p className={styles.state}>
                {t(me.settings.userTrackingEnabled ? 'about.on' : 'about.off', { organisation: me.organisation.name })}{' '}
                {t(me.settings.excludeBots ? 'about.botsOut' : 'about.botsIn')}
              </p>
            </>
          )}
        </Card>
        {PARTS.map(({ title, points }) => (
          <Card key={title} title={t(title)}>
            <ul className={styles.points}>
              {points.map((point) => (
                <li key={point}>{t(point)}</li>
              ))}
            </ul>
          </Card>
        ))}
        <Card title={t('about.kept')}>
          <ul className={styles.points}>
            <li>{t('about.kept.open')}</li>
            <li>{t('about.kept.never')}</li>
            {me !== undefined && <li>{t('about.retention', { count: me.settings.retentionDays })}</li>}
          </ul>
        </Card>
      </div>
    </>
  );
}
