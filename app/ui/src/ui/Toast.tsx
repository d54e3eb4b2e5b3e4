import * as Radix from '@radix-ui/react-toast';
import { createContext, useCallback, useContext, useState, type ReactNode } from 'react';

import styles from './Toast.module.css';

interface Notice {
  id: number;
  text: string;
}

const ToastContext = createContext<(text: string) => void>(() => undefined);

/** Gives `useToast`: one short sentence that goes away by itself, announced to screen readers. */
export function ToastProvider({ children }: { children: ReactNode }): ReactNode {
  const [notices, setNotices] = useState<readonly Notice[]>([]);
  const say = useCallback((text: string) => {
    setNotices((before) => [...before, { id: Date.now() + before.length, text }]);
  }, []);
  return (
    <ToastContext value={say}>
      <Radix.Provider duration={5000} swipeDirection="down">
        {children}
        {notices.map((notice) => (
          <Radix.Root
            key={notice.id}
            className={styles.toast}
            onOpenChange={(isOpen) => {
              if (!isOpen) setNotices((before) => before.filter((other) => other.id !== notice.id));
            }}
          >
            <Radix.Description>{notice.text}</Radix.Description>
          </Radix.Root>
        ))}
        <Radix.Viewport className={styles.viewport} />
      </Radix.Provider>
    </ToastContext>
  );
}

export const useToast = (): ((text: string) => void) => useContext(ToastContext);
