import { useQuery } from '@tanstack/react-query';
import { BookOpenText, CircleUserRound, ContactRound, Gauge, KeyRound, LayoutTemplate, Megaphone, PenLine, ScrollText, ShieldCheck, Sparkles, UsersRound, type LucideIcon } from 'lucide-react';

import { meQuery } from '../api/queries';
import type { Me } from '../api/types';

export type Role = Me['user']['role'];

/** The pages of the side bar, the bottom bar, the command menu and the keys: one list for all of them. */
export interface Page {
  to: '/engagement' | '/team' | '/campaigns' | '/signature' | '/signatures' | '/settings/tracking' | '/people' | '/settings/keys' | '/settings/audit' | '/settings/metrics' | '/account' | '/about';
  name: 'nav.engagement' | 'nav.team' | 'nav.campaigns' | 'nav.signature' | 'nav.signatures' | 'nav.tracking' | 'nav.people' | 'nav.apikeys' | 'nav.audit' | 'nav.success' | 'nav.account' | 'nav.about';
  /** Where five of them share the width of a phone; the whole name is still what is read out. */
  short?: 'nav.engagement.short' | 'nav.team.short' | 'nav.signature.short' | 'nav.about.short';
  icon: LucideIcon;
  /** Pressed after `g`. */
  key: string;
  keyText: 'keys.engagement' | 'keys.team' | 'keys.campaigns' | 'keys.signature' | 'keys.signatures' | 'keys.tracking' | 'keys.people' | 'keys.apikeys' | 'keys.audit' | 'keys.success' | 'keys.account' | 'keys.about';
  /** Whose roles it is for; absent: everybody's. The API decides, this only leaves out what would be refused. */
  roles?: readonly Role[];
}

export const ADMINS: readonly Role[] = ['owner', 'admin'];
export const MANAGERS: readonly Role[] = [...ADMINS, 'analyst'];

export const PAGES: readonly Page[] = [
  { to: '/engagement', name: 'nav.engagement', short: 'nav.engagement.short', icon: Sparkles, key: 'e', keyText: 'keys.engagement' },
  { to: '/team', name: 'nav.team', short: 'nav.team.short', icon: UsersRound, key: 't', keyText: 'keys.team', roles: MANAGERS },
  { to: '/campaigns', name: 'nav.campaigns', icon: Megaphone, key: 'c', keyText: 'keys.campaigns', roles: MANAGERS },
  { to: '/signature', name: 'nav.signature', short: 'nav.signature.short', icon: PenLine, key: 's', keyText: 'keys.signature' },
  { to: '/signatures', name: 'nav.signatures', icon: LayoutTemplate, key: 'n', keyText: 'keys.signatures', roles: ADMINS },
  { to: '/people', name: 'nav.people', icon: ContactRound, key: 'u', keyText: 'keys.people', roles: ADMINS },
  { to: '/settings/tracking', name: 'nav.tracking', icon: ShieldCheck, key: 'p', keyText: 'keys.tracking', roles: ADMINS },
  { to: '/settings/keys', name: 'nav.apikeys', icon: KeyRound, key: 'k', keyText: 'keys.apikeys' },
  { to: '/settings/audit', name: 'nav.audit', icon: ScrollText, key: 'l', keyText: 'keys.audit', roles: ADMINS },
  { to: '/settings/metrics', name: 'nav.success', icon: Gauge, key: 'm', keyText: 'keys.success', roles: ADMINS },
  { to: '/account', name: 'nav.account', icon: CircleUserRound, key: 'a', keyText: 'keys.account' },
  { to: '/about', name: 'nav.about', short: 'nav.about.short', icon: BookOpenText, key: 'i', keyText: 'keys.about' },
];

/** Pages as the side bar shows them: what one works with, settings of the organisation under one heading, oneself. */
export function grouped(pages: readonly Page[]): { work: Page[]; settings: Page[]; self: Page[] } {
  const isSetting = (page: Page): boolean => page.to.startsWith('/settings/');
  const isSelf = (page: Page): boolean => OF_ONESELF.has(page.to);
  return {
    work: pages.filter((page) => !isSetting(page) && !isSelf(page)),
    settings: pages.filter(isSetting),
    self: pages.filter(isSelf),
  };
}

const OF_ONESELF: ReadonlySet<string> = new Set(['/account', '/about']);

/** As many entries as a thumb can tell apart on a phone. */
const BAR_ENTRIES = 5;

/** What the bar of phones shows, and what waits behind its last entry. */
export function barPages(pages: readonly Page[]): { shown: readonly Page[]; rest: readonly Page[] } {
  if (pages.length <= BAR_ENTRIES) return { shown: pages, rest: [] };
  return { shown: pages.slice(0, BAR_ENTRIES - 1), rest: pages.slice(BAR_ENTRIES - 1) };
}

/** The pages that are open to the signed-in person. */
export function usePages(): readonly Page[] {
  const role = useQuery({ ...meQuery, enabled: false }).data?.user.role;
  return PAGES.filter((page) => page.roles === undefined || (role !== undefined && page.roles.includes(role)));
}
