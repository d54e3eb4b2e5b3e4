import type { ReactNode } from 'react';

import styles from './Signatures.module.css';

export type StepKind = 'copy' | 'settings' | 'menu' | 'list' | 'paste' | 'save' | 'untick';

/** A drawing of the step in a mail program of nobody's make; what to press is in the accent colour. */
export function StepPicture({ kind }: { kind: StepKind }): ReactNode {
  return (
    <svg className={styles.picture} viewBox="0 0 160 100" aria-hidden focusable="false">
      <rect x="1" y="1" width="158" height="98" rx="7" className={styles.window} />
      <path d="M1 16h158" className={styles.line} />
      <circle cx="9" cy="8.5" r="2" className={styles.dim} />
      <circle cx="16" cy="8.5" r="2" className={styles.dim} />
      <circle cx="23" cy="8.5" r="2" className={styles.dim} />
      {DRAWINGS[kind]}
    </svg>
  );
}

const text = (x: number, y: number, width: number, className = styles.dim): ReactNode => <rect x={x} y={y} width={width} height="4" rx="2" className={className} />;
const signature = (x: number, y: number): ReactNode => (
  <>
    <rect x={x} y={y} width="2" height="26" className={styles.pressed} />
    {text(x + 7, y, 38, styles.ink)}
    {text(x + 7, y + 8, 30)}
    {text(x + 7, y + 15, 44)}
    {text(x + 7, y + 22, 34)}
  </>
);
const press = (x: number, y: number, width: number): ReactNode => (
  <>
    <rect x={x} y={y} width={width} height="14" rx="4" className={styles.pressed} />
    <rect x={x + 8} y={y + 5} width={width - 16} height="4" rx="2" className={styles.onPressed} />
  </>
);

const DRAWINGS: Record<StepKind, ReactNode> = {
  copy: (
    <>
      <image href="/favicon.svg" x="8" y="22" width="12" height="12" />
      {signature(14, 42)}
      {press(96, 76, 52)}
    </>
  ),
  settings: (
    <>
      {text(10, 26, 60)}
      {text(10, 38, 80)}
      {text(10, 50, 70)}
      {text(10, 62, 76)}
      <g transform="translate(134 32)">
        <circle r="11" className={styles.halo} />
        <circle r="6" className={styles.ring} />
        <path d="M0-9v3M0 6v3M-9 0h3M6 0h3M-6.4-6.4l2 2M4.4 4.4l2 2M-6.4 6.4l2-2M4.4-4.4l2-2" className={styles.stroke} />
      </g>
    </>
  ),
  menu: (
    <>
      {text(10, 6.5 + 20, 20)}
      <rect x="34" y="22" width="76" height="68" rx="5" className={styles.sheet} />
      {text(42, 31, 44)}
      {text(42, 43, 52)}
      <rect x="37" y="52" width="70" height="14" rx="3" className={styles.halo} />
      {text(42, 57, 48, styles.accent)}
      {text(42, 74, 40)}
    </>
  ),
  list: (
    <>
      <path d="M54 16v83" className={styles.line} />
      {text(9, 26, 34)}
      <rect x="5" y="34" width="45" height="14" rx="3" className={styles.halo} />
      {text(9, 39, 36, styles.accent)}
      {text(9, 54, 30)}
      {text(9, 66, 36)}
      {text(64, 28, 60)}
      <rect x="64" y="40" width="86" height="46" rx="4" className={styles.sheet} />
      {text(70, 48, 40)}
    </>
  ),
  paste: (
    <>
      {text(10, 24, 40)}
      <rect x="10" y="34" width="140" height="56" rx="4" className={styles.sheet} />
      <path d="M10 46h140" className={styles.line} />
      {text(16, 38, 12)}
      {text(32, 38, 12)}
      {signature(20, 54)}
      <path d="M80 52v30" className={styles.stroke} />
    </>
  ),
  save: (
    <>
      <rect x="10" y="24" width="140" height="44" rx="4" className={styles.sheet} />
      {signature(18, 32)}
      {press(98, 77, 50)}
      {text(62, 82, 28)}
    </>
  ),
  untick: (
    <>
      {text(10, 26, 60)}
      <rect x="10" y="38" width="140" height="32" rx="4" className={styles.sheet} />
      {text(18, 46, 50)}
      {text(18, 56, 66)}
      <rect x="12" y="79" width="10" height="10" rx="2" className={styles.ringBox} />
      {text(28, 82, 90, styles.accent)}
    </>
  ),
};
