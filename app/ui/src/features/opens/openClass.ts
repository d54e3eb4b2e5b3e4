/** Words for the classes of opens, and for the reasons of not counting one. */
import { useI18n } from '../../i18n/I18n';

const KNOWN = ['human', 'image_proxy', 'privacy_prefetch', 'scanner', 'link_preview', 'crawler', 'script', 'self', 'rate_limited'] as const;
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
