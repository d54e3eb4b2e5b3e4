import { useState, type ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import type { MessageKey } from '../../i18n/en';
import { Card } from '../../ui/Card';
import { SelectField } from '../../ui/Field';
import styles from './Signatures.module.css';
import { StepPicture, type StepKind } from './StepPicture';

type Program = 'gmail' | 'outlookNew' | 'outlookClassic' | 'outlookMac' | 'apple';
type Step = readonly [StepKind, MessageKey];

const COPY: Step = ['copy', 'signatures.step.copy'];
const PROGRAMS: Record<Program, readonly Step[]> = {
  gmail: [COPY, ['settings', 'signatures.gmail.1'], ['list', 'signatures.gmail.2'], ['paste', 'signatures.gmail.3'], ['save', 'signatures.gmail.4']],
  outlookNew: [COPY, ['settings', 'signatures.outlookNew.1'], ['paste', 'signatures.outlookNew.2'], ['save', 'signatures.outlookNew.3']],
  outlookClassic: [COPY, ['menu', 'signatures.outlookClassic.1'], ['paste', 'signatures.outlookClassic.2'], ['save', 'signatures.outlookClassic.3']],
  outlookMac: [COPY, ['menu', 'signatures.outlookMac.1'], ['paste', 'signatures.outlookMac.2'], ['save', 'signatures.outlookMac.3']],
  apple: [COPY, ['menu', 'signatures.apple.1'], ['list', 'signatures.apple.2'], ['untick', 'signatures.apple.3'], ['paste', 'signatures.apple.4']],
};
const ORDER = ['gmail', 'outlookNew', 'outlookClassic', 'outlookMac', 'apple'] as const;

/** How the signature gets into the mail programs most people use, step by step. */
export function Instructions(): ReactNode {
  const { t } = useI18n();
  const [program, setProgram] = useState<Program>('gmail');
  return (
    <Card title={t('signatures.how')}>
      <div className={styles.how}>
        <SelectField label={t('signatures.program')} value={program} onChange={(event) => setProgram(event.target.value as Program)}>
          {ORDER.map((value) => (
            <option key={value} value={value}>
              {t(`signatures.program.${value}`)}
            </option>
          ))}
        </SelectField>
        <ol className={styles.steps}>
          {PROGRAMS[program].map(([kind, key]) => (
            <li key={key}>
              <StepPicture kind={kind} />
              <p>{t(key)}</p>
            </li>
          ))}
        </ol>
        <p className={styles.help}>{t('signatures.how.check')}</p>
      </div>
    </Card>
  );
}
