import * as Radix from '@radix-ui/react-dialog';
import { X } from 'lucide-react';
import { useRef, type ReactNode } from 'react';

import { useI18n } from '../i18n/I18n';
import { IconButton } from './Button';
import { classes } from './classes';
import styles from './Dialog.module.css';

interface Props {
  title: string;
  /** For screen readers only, where the dialog shows its purpose without a heading. */
  isTitleHidden?: boolean;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  children: ReactNode;
  className?: string | undefined;
}

/** A modal layer: traps focus, closes on Escape, gives the focus back. A field with `data-first-focus` has it first. */
export function Dialog({ title, isTitleHidden = false, isOpen, onOpenChange, children, className }: Props): ReactNode {
  const { t } = useI18n();
  const before = useRef<Element | null>(null);
  return (
    <Radix.Root open={isOpen} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={styles.veil} />
        <Radix.Content
          className={classes(styles.content, className)}
          aria-describedby={undefined}
          // Radix gives the focus back to its own trigger only; ours are opened by anything.
          onOpenAutoFocus={(event) => {
            before.current = document.activeElement;
            const first = event.target instanceof HTMLElement ? event.target.querySelector<HTMLElement>('[data-first-focus]') : null;
            if (first === null) return;
            event.preventDefault();
            first.focus();
          }}
          onCloseAutoFocus={(event) => {
            if (!(before.current instanceof HTMLElement) || !before.current.isConnected) return;
            event.preventDefault();
            before.current.focus();
          }}
        >
          {isTitleHidden ? (
            <Radix.Title className="visually-hidden">{title}</Radix.Title>
          ) : (
            <header className={styles.header}>
              <Radix.Title className={styles.title}>{title}</Radix.Title>
              <Radix.Close asChild>
                <IconButton label={t('app.close')}>
                  <X size={16} aria-hidden />
                </IconButton>
              </Radix.Close>
            </header>
          )}
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
