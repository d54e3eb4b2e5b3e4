import { useKept } from '../../drafts/useKept';
import type { Template } from './queries';

export type Wish = Pick<Template, 'html' | 'defaults'>;

interface Draft extends Wish {
  /** The version the person was looking at when they began. */
  version: number;
}

export interface TemplateDraft {
  values: Wish;
  isChanged: boolean;
  body: Wish & { version: number };
  set: (change: Partial<Wish>) => void;
  /** Go on from what is saved now, keeping one's own text: after a conflict was seen. */
  rebase: (version: number) => void;
  discard: () => void;
}

/** A template being edited, kept on this device over a reload until it is saved or discarded. */
export function useTemplateDraft(saved: Template, organisation: string): TemplateDraft {
  const key = `heliograph.draft.signature.${organisation}`;
  const [draft, keep] = useKept<Draft>('device', key, isDraft);
  const values: Wish = { html: draft?.html ?? saved.html, defaults: draft?.defaults ?? saved.defaults };
  return {
    values,
    isChanged: values.html !== saved.html || !same(values.defaults, saved.defaults),
    body: { html: values.html, defaults: withoutEmpty(values.defaults), version: draft?.version ?? saved.version },
    set: (change) => keep({ version: draft?.version ?? saved.version, ...values, ...change }),
    rebase: (version) => keep(draft === null ? null : { ...draft, version }),
    discard: () => keep(null),
  };
}

export const withoutEmpty = (defaults: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(defaults).filter(([, text]) => text.trim() !== ''));

function same(one: Record<string, string>, other: Record<string, string>): boolean {
  const sorted = (value: Record<string, string>): string => JSON.stringify(Object.entries(withoutEmpty(value)).sort());
  return sorted(one) === sorted(other);
}

const isDraft = (value: object): value is Draft => 'version' in value && 'html' in value && 'defaults' in value;
