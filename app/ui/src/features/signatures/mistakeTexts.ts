/** What the server found wrong with HTML, in the language of the interface: by its code, with what fills the gaps. */
import { isProblem } from '../../api/problem';
import type { I18n } from '../../i18n/I18n';
import { en } from '../../i18n/en';
import type { MessageKey } from '../../i18n/en';
import type { Mistake } from './queries';

const known = (key: string): key is MessageKey => key in en;

/** A mistake with its place; names stand between backticks. A code this interface does not know keeps the server's English. */
export function mistakeText({ code, values, message }: Mistake, t: I18n['t']): string {
  const key = `signatures.mistake.${code}`;
  return known(key) ? t(key, values) : message;
}

/** Why HTML as a whole was refused. */
export function refusalText(error: unknown, t: I18n['t']): string | null {
  if (!isProblem(error)) return null;
  const key = `signatures.refused.${String(error.fields.reason)}`;
  return known(key) ? t(key) : error.detail;
}
