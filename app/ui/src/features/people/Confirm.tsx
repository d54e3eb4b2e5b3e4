import { useState, type ReactNode } from 'react';

import { Button } from '../../ui/Button';
import { useI18n } from '../../i18n/I18n';
import styles from './People.module.css';

interface Props {
  /** What the first button says. */
  label: string;
  question: string;
  text: string;
  /** What the confirming button says; names whom it touches. */
  doIt: string;
  isPending: boolean;
  onConfirm: () => void;
}

/** A button that asks before it does: the question takes its place, with what will happen. */
export function Confirm({ label, question, text, doIt, isPending, onConfirm }: Props): ReactNode {
  const { t } = useI18n();
  const [isAsking, setAsking] = useState(false);
  if (!isAsking) {
    return (
      <Button size="small" onClick={() => setAsking(true)}>
        {label}
      </Button>
    );
  }
  return (
    <div className={styles.warning} role="group" aria-label={question}>
      <p>
        <strong dir="auto">{question}</strong>
      </p>
      <p>{text}</p>
      <div className={styles.foot}>
        {/* The question replaces the button that had the focus. */}
        {/* eslint-disable-next-line jsx-a11y/no-autofocus */}
        <Button size="small" autoFocus onClick={() => setAsking(false)}>
          {t('people.cancel')}
        </Button>
        <Button
          size="small"
          look="danger"
          disabled={isPending}
          onClick={() => {
            onConfirm();
            setAsking(false);
          }}
        >
          {doIt}
        </Button>
      </div>
    </div>
  );
}
