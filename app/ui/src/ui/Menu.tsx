import * as Radix from '@radix-ui/react-dropdown-menu';
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';

import { useI18n } from '../i18n/I18n';
import styles from './Menu.module.css';

/** A menu under its trigger (one focusable child). */
export function Menu({ trigger, children, side = 'bottom' }: { trigger: ReactNode; children: ReactNode; side?: 'top' | 'bottom' }): ReactNode {
  const { direction } = useI18n();
  return (
    <Radix.Root dir={direction}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className={styles.content} side={side} sideOffset={6} align="start" collisionPadding={12}>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export function MenuItem({ icon, onSelect, children }: { icon?: ReactNode; onSelect: () => void; children: ReactNode }): ReactNode {
  return (
    <Radix.Item className={styles.item} onSelect={onSelect}>
      <span className={styles.mark}>{icon}</span>
      {children}
    </Radix.Item>
  );
}

interface ChoiceProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string }[];
  onChange: (value: Value) => void;
}

/** One of several, ticked. */
export function MenuChoice<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>): ReactNode {
  return (
    <Radix.RadioGroup value={value} onValueChange={(next) => onChange(next as Value)}>
      <Radix.Label className={styles.label}>{label}</Radix.Label>
      {options.map((option) => (
        <Radix.RadioItem key={option.value} value={option.value} className={styles.item}>
          <span className={styles.mark}>
            <Radix.ItemIndicator>
              <Check size={14} aria-hidden />
            </Radix.ItemIndicator>
          </span>
          {option.label}
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}

interface CheckProps {
  isChecked: boolean;
  isDisabled?: boolean;
  onChange: () => void;
  children: ReactNode;
}

/** One of several that can be on at once; the menu stays open, because people change more than one. */
export function MenuCheck({ isChecked, isDisabled = false, onChange, children }: CheckProps): ReactNode {
  return (
    <Radix.CheckboxItem
      className={styles.item}
      checked={isChecked}
      disabled={isDisabled}
      onCheckedChange={onChange}
      onSelect={(event) => event.preventDefault()}
    >
      <span className={styles.mark}>
        <Radix.ItemIndicator>
          <Check size={14} aria-hidden />
        </Radix.ItemIndicator>
      </span>
      {children}
    </Radix.CheckboxItem>
  );
}

export const MenuLine = (): ReactNode => <Radix.Separator className={styles.line} />;
