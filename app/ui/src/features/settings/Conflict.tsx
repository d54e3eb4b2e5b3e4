import type { ReactNode } from 'react';

import type { Problem } from '../../api/problem';
import { useI18n } from '../../i18n/I18n';
import { Button } from '../../ui/Button';
import styles from './Settings.module.css';
import { NAMES, type Six } from './useSettingsDraft';

interface Change {
  by: string | null;
  at: string;
  changed: Record<string, [before: unknown, after: unknown]>;
}

/** Somebody saved in between: who, what, and the two ways on. Nothing of either is lost. */
export function Conflict({ problem, onKeepMine, onDiscard }: { problem: Problem; onKeepMine: () => void; onDiscard: () => void }): ReactNode {
  const { t, format } = useI18n();
  const changes = Array.isArray(problem.fields.changes) ? (problem.fields.changes as Change[]) : [];
  const valueOf = (name: string, value: unknown): string =>
    typeof value === 'number' ? (name === 'retentionDays' ? t('engagement.period.days', { count: value }) : format.number(value)) : t(value === true ? 'settings.on' : 'settings.off');
  const isKnown = (name: string): name is keyof Six => (NAMES as readonly string[]).includes(name);
  return (
    <div className={styles.warning} role="alert">
      <p>{t('settings.conflict')}</p>
      <ul>
        {changes.flatMap((change) =>
          Object.entries(change.changed).map(([name, [before, after]]) => (
            <li key={`${change.at} ${name}`}>
              {t('settings.conflict.item', {
                who: change.by ?? t('settings.somebody'),
                time: format.moment(change.at),
                what: isKnown(name) ? t(`settings.${name}`) : name,
                before: valueOf(name, before),
                after: valueOf(name, after),
              })}
            </li>
          )),
        )}
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
