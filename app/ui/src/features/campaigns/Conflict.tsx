import type { ReactNode } from 'react';

import type { Problem } from '../../api/problem';
import { useI18n } from '../../i18n/I18n';
import { Button } from '../../ui/Button';
import styles from './Campaigns.module.css';

interface Change {
  by: string | null;
  at: string;
}

/** Somebody changed the campaign in between: who, when, and the two ways on. Nothing of either is lost. */
export function Conflict({ problem, onKeepMine, onDiscard }: { problem: Problem; onKeepMine: () => void; onDiscard: () => void }): ReactNode {
  const { t, format } = useI18n();
  const changes = Array.isArray(problem.fields.changes) ? (problem.fields.changes as Change[]) : [];
  return (
    <div className={styles.warning} role="alert">
      <p>{changes.length === 0 ? problem.detail : t('campaigns.conflict')}</p>
      <ul>
        {changes.map((change) => (
          <li key={change.at}>{t('campaigns.conflict.item', { who: change.by ?? t('campaigns.timer'), time: format.moment(change.at) })}</li>
        ))}
      </ul>
      <div className={styles.buttons}>
        <Button size="small" onClick={onKeepMine}>
          {t('settings.conflict.keep')}
        </Button>
        <Button size="small" look="quiet" onClick={onDiscard}>
          {t('settings.conflict.discard')}
        </Button>
      </div>
    </div>
  );
}
