import { useKept } from '../../drafts/useKept';

const isRecord = (value: object): value is Record<string, string> => !Array.isArray(value);

/** Values being edited, kept over a reload of this tab until they are saved or discarded. */
export function useDraft<Values extends Record<string, string>>(name: string, saved: Values): {
  values: Values;
  isChanged: boolean;
  set: (key: keyof Values, value: string) => void;
  discard: () => void;
} {
  const [changes, keep] = useKept<Record<string, string>>('tab', `heliograph.draft.${name}`, isRecord);
  const values = { ...saved, ...changes };
  return {
    values,
    isChanged: Object.entries(values).some(([field, value]) => value !== saved[field]),
    set: (field, value) => keep({ ...changes, [field]: value }),
    discard: () => keep(null),
  };
}
