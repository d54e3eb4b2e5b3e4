import type { ReactNode } from 'react';

/** The product's sign: a mirror and its flash. */
export function Mark({ size = 24 }: { size?: number }): ReactNode {
  return <img src="/favicon.svg" width={size} height={size} alt="" />;
}
