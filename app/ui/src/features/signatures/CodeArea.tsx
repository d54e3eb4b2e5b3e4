import { useId, useRef, type ReactNode, type RefObject } from 'react';

import styles from './Signatures.module.css';

interface Props {
  label: string;
  help: string;
  value: string;
  /** Lines with a mistake. */
  marked: ReadonlySet<number>;
  isInvalid: boolean;
  area: RefObject<HTMLTextAreaElement | null>;
  onChange: (value: string) => void;
}

/** A plain editor for HTML: numbered lines, the browser's own undo, search and screen reader support. */
export function CodeArea({ label, help, value, marked, isInvalid, area, onChange }: Props): ReactNode {
  const id = useId();
  const gutter = useRef<HTMLPreElement>(null);
  const lines = value.split('\n').length;
  return (
    <div>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      <div className={styles.code} dir="ltr" data-invalid={isInvalid}>
        <pre ref={gutter} className={styles.gutter} aria-hidden>
          {Array.from({ length: lines }, (_, index) => (
            <span key={index} data-marked={marked.has(index + 1)}>
              {`${String(index + 1)}\n`}
            </span>
          ))}
        </pre>
        <textarea
          id={id}
          ref={area}
          className={styles.area}
          value={value}
          wrap="off"
          spellCheck={false}
          autoCapitalize="off"
          aria-invalid={isInvalid}
          aria-describedby={`${id}-help`}
          maxLength={60_000}
          onChange={(event) => onChange(event.target.value)}
          onScroll={(event) => {
            if (gutter.current !== null) gutter.current.scrollTop = event.currentTarget.scrollTop;
          }}
        />
      </div>
      <p id={`${id}-help`} className={styles.help}>
        {help}
      </p>
    </div>
  );
}

/** Puts text where the cursor is, so that undo takes it away again. */
export function insertAtCursor(area: HTMLTextAreaElement, text: string): void {
  area.focus();
  // Deprecated, and the only way that keeps the field's own undo.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  if (!document.execCommand('insertText', false, text)) {
    area.setRangeText(text, area.selectionStart, area.selectionEnd, 'end');
    area.dispatchEvent(new Event('input', { bubbles: true }));
  }
}

/** Puts the cursor to a line and column, both from 1. */
export function goTo(area: HTMLTextAreaElement, line: number, column: number): void {
  const before = area.value.split('\n').slice(0, line - 1);
  const at = before.reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
  area.focus();
  area.setSelectionRange(at, at);
  area.scrollTop = Math.max(0, (line - 4) * 20);
}
