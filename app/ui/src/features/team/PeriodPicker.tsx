import { useState, type ReactNode, type SubmitEvent } from 'react';

import { useI18n } from '../../i18n/I18n';
import { Button } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { formText } from '../../ui/formText';
import { Segmented } from '../../ui/Segmented';
import { PERIODS } from '../engagement/periods';
import styles from './Team.module.css';
import { isDay, type TeamPeriod } from './teamPeriod';

interface Props {
  period: TeamPeriod;
  isCustom: boolean;
  onCustom: () => void;
  onChange: (period: TeamPeriod) => void;
}

/** The last 7, 30 or 90 days, or days of one's own. */
export function PeriodPicker({ period, isCustom, onCustom, onChange }: Props): ReactNode {
  const { t } = useI18n();
  return (
    <Segmented
      label={t('engagement.period')}
      value={isCustom ? 'custom' : String(period.days)}
      onChange={(value) => (value === 'custom' ? onCustom() : onChange({ days: Number(value) }))}
      options={[
        ...PERIODS.map((count) => ({ value: String(count), label: t('engagement.period.days', { count }) })),
        { value: 'custom', label: t('team.period.custom') },
      ]}
    />
  );
}

/** First and last day, both included. */
export function RangeForm({ from, to, onChange }: { from: string; to: string; onChange: (period: TeamPeriod) => void }): ReactNode {
  const { t } = useI18n();
  const [problem, setProblem] = useState<'missing' | 'order' | null>(null);
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [first, last] = [formText(form, 'from'), formText(form, 'to')];
    const found = !isDay(first) || !isDay(last) ? 'missing' : last < first ? 'order' : null;
    setProblem(found);
    if (found === null) onChange({ from: first, to: last });
  };
  return (
    <form className={styles.range} onSubmit={submit} noValidate key={`${from} ${to}`}>
      <Field label={t('team.period.from')} type="date" name="from" defaultValue={from} dir="ltr" required />
      <Field
        label={t('team.period.to')}
        type="date"
        name="to"
        defaultValue={to}
        dir="ltr"
        required
        error={problem === null ? null : t(`team.period.${problem}`)}
      />
      <Button type="submit">{t('team.period.show')}</Button>
    </form>
  );
}
