import * as Radix from '@radix-ui/react-tooltip';
import type { ReactNode } from 'react';

import styles from './Tooltip.module.css';

export const TooltipProvider = ({ children }: { children: ReactNode }): ReactNode => (
  <Radix.Provider delayDuration={250} skipDelayDuration={300}>
    {children}
  </Radix.Provider>
);

/** A few words about the one focusable child, on hover and on focus. Never the only place of something needed. */
export function Tooltip({ text, children, side = 'top' }: { text: ReactNode; children: ReactNode; side?: 'top' | 'bottom' | 'left' | 'right' }): ReactNode {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className={styles.content} side={side} sideOffset={6} collisionPadding={12}>
          {text}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
