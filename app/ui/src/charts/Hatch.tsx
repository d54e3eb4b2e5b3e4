import type { ReactNode } from 'react';

/** A striped fill in one colour: a period that is not over yet. Goes into the `<defs>` of a chart. */
export function Hatch({ id, colour }: { id: string; colour: string }): ReactNode {
  return (
    <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect width="6" height="6" fill={colour} opacity="0.28" />
      <rect width="3" height="6" fill={colour} />
    </pattern>
  );
}
