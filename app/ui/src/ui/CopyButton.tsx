import { Check, Copy } from 'lucide-react';
import { useState, type ReactNode } from 'react';

import { useI18n } from '../i18n/I18n';
import { Button } from './Button';
import { copyText } from './clipboard';
import { useToast } from './Toast';

/** Copies a text and says so in place. `label` is for screen readers where “Copy” alone is not enough. */
export function CopyButton({ text, label, look = 'quiet' }: { text: string; label?: string; look?: 'quiet' | 'primary' }): ReactNode {
  const { t } = useI18n();
  const say = useToast();
  const [isDone, setDone] = useState(false);
  const copy = async (): Promise<void> => {
    if (!(await copyText(text))) {
      say(t('app.copyFailed'));
      return;
    }
    setDone(true);
    window.setTimeout(() => setDone(false), 2000);
  };
  return (
    <Button size={look === 'primary' ? 'medium' : 'small'} look={look} aria-label={label} icon={isDone ? <Check aria-hidden /> : <Copy aria-hidden />} onClick={() => void copy()}>
      <span aria-live="polite">{isDone ? t('app.copied') : t('app.copy')}</span>
    </Button>
  );
}
