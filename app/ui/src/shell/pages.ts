import { CircleUserRound, PenLine, Sparkles, type LucideIcon } from 'lucide-react';

/** The pages of the side bar, the bottom bar, the command menu and the keys: one list for all of them. */
export interface Page {
  to: '/engagement' | '/welcome' | '/account';
  name: 'nav.engagement' | 'nav.signature' | 'nav.account';
  icon: LucideIcon;
  /** Pressed after `g`. */
  key: string;
}

export const PAGES: readonly Page[] = [
  { to: '/engagement', name: 'nav.engagement', icon: Sparkles, key: 'e' },
  { to: '/welcome', name: 'nav.signature', icon: PenLine, key: 's' },
  { to: '/account', name: 'nav.account', icon: CircleUserRound, key: 'a' },
];
