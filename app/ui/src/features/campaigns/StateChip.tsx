import { CircleDashed, CirclePause, CirclePlay, CircleStop, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import styles from './Campaigns.module.css';
import type { State } from './queries';

const ICONS: Record<State, LucideIcon> = { draft: CircleDashed, active: CirclePlay, paused: CirclePause, ended: CircleStop };

/** In which state a campaign is: a word and a shape; colour only says it again. */
export function StateChip({ state }: { state: State }): ReactNode {
  const { t } = useI18n();
  const Icon = ICONS[state];
  return (
    <span className={styles.chip} data-state={state}>
      <Icon size={14} aria-hidden />
      {t(`campaigns.state.${state}`)}
    </span>
  );
}
