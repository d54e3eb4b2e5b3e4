import type { ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import { Field } from '../../ui/Field';
import styles from './Settings.module.css';

export const LEAST_PEOPLE = 2;
export const MOST_PEOPLE = 1000;

export const isPossibleSize = (people: number): boolean => Number.isInteger(people) && people >= LEAST_PEOPLE && people <= MOST_PEOPLE;

/** From how many people on those who see no people see a department. */
export function DepartmentField({ people, onChange }: { people: number; onChange: (people: number) => void }): ReactNode {
  const { t } = useI18n();
  return (
    <div className={styles.retention}>
      <Field
        label={t('settings.departmentMinPeople')}
        help={t('settings.departmentMinPeople.help')}
        type="number"
        inputMode="numeric"
        min={LEAST_PEOPLE}
        max={MOST_PEOPLE}
        step={1}
        dir="ltr"
        value={Number.isNaN(people) ? '' : people}
        onChange={(event) => onChange(event.target.valueAsNumber)}
        error={isPossibleSize(people) ? null : t('settings.departmentMinPeople.wrong', { least: LEAST_PEOPLE, most: MOST_PEOPLE })}
      />
    </div>
  );
}
