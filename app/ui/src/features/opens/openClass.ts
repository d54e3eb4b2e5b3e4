/** Words for the classes of opens, and for the reasons of not counting one. */
import type { Open } from '../../api/types';
import { useI18n } from '../../i18n/I18n';

/** Codes of rules that look across hits: what they found says more than the class they gave. */
const BEHAVIOUR = ['behaviour_many_tokens', 'behaviour_burst'] as const;
const KNOWN = ['human', 'image_proxy', 'privacy_prefetch', 'scanner', 'link_preview', 'crawler', 'script', 'self', 'rate_limited', ...BEHAVIOUR] as const;
type Known = (typeof KNOWN)[number];

const isKnown = (name: string): name is Known => (KNOWN as readonly string[]).includes(name);

/** A class this version does not know yet is shown under its own name rather than hidden. */
export function useOpenClass(): { nameOf: (openClass: string) => string; whyOf: (openClass: string) => string } {
  const { t } = useI18n();
  return {
    nameOf: (name) => (isKnown(name) ? t(`open.class.${name}`) : t('open.class.other', { name })),
    whyOf: (name) => t(isKnown(name) ? `open.why.${name}` : 'open.why.other'),
  };
}

/** What a single open is explained by: the limit, a rule that took it back, or else its class. */
export function decisiveOf(open: Open): string {
  const reasons = open.reasons as readonly string[];
  if (!open.isCounted && reasons.includes('rate_limited')) return 'rate_limited';
  return BEHAVIOUR.find((code) => reasons.includes(code)) ?? open.openClass;
}
