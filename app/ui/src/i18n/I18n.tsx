/** Gives pages their texts (`t`), sentences with elements in them (`rich`) and formats, in the person's language. */
import { createContext, useContext, useEffect, useMemo, type ReactNode } from 'react';

import { setPreferences, usePreferences, type Language } from '../preferences/preferences';
import { ar } from './ar';
import { en, type Catalogue, type MessageKey } from './en';
import { makeFormat, type Format } from './format';
import { chooseForm, fillNodes, fillText } from './plural';

type Values = Readonly<Record<string, string | number>>;

export interface I18n {
  language: Language;
  direction: 'ltr' | 'rtl';
  format: Format;
  /** `count` chooses the plural form; numbers are written in the person's digits. */
  t: (key: MessageKey, values?: Values) => string;
  /** The same for sentences with elements in them. */
  rich: (key: MessageKey, values: Readonly<Record<string, ReactNode>>, count?: number) => ReactNode;
}

const catalogues: Record<Language, Catalogue> = { en, ar };
const I18nContext = createContext<I18n | null>(null);

/** The language when nobody has chosen one: the browser's, if we speak it. */
export function browserLanguage(): Language {
  return navigator.language.startsWith('ar') ? 'ar' : 'en';
}

interface Props {
  /** What the person's profile says; a choice on this device goes before it. */
  profileLanguage?: Language | undefined;
  timeZone?: string | undefined;
  children: ReactNode;
}

export function I18nProvider({ profileLanguage, timeZone, children }: Props): ReactNode {
  const preferences = usePreferences();
  const language = preferences.language ?? profileLanguage ?? preferences.profileLanguage ?? browserLanguage();
  const { digits } = preferences;
  const zone = timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;

  const i18n = useMemo<I18n>(() => {
    const messages = catalogues[language];
    const format = makeFormat(language, digits, zone);
    const rules = new Intl.PluralRules(language);
    const text = (key: MessageKey, count?: number): string => chooseForm(messages[key], count, rules);
    const words = (values: Values): Record<string, string> =>
      Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, typeof value === 'number' ? format.number(value) : value]),
      );
    return {
      language,
      direction: language === 'ar' ? 'rtl' : 'ltr',
      format,
      t: (key, values = {}) => {
        const count = values.count;
        return fillText(text(key, typeof count === 'number' ? count : undefined), words(values));
      },
      rich: (key, values, count) => {
        const numbered = count === undefined ? values : { count: format.number(count), ...values };
        return fillNodes(text(key, count), numbered).map((node, index) => <span key={index}>{node}</span>);
      },
    };
  }, [language, digits, zone]);

  useEffect(() => {
    document.documentElement.lang = i18n.language;
    document.documentElement.dir = i18n.direction;
  }, [i18n]);

  useEffect(() => {
    if (profileLanguage !== undefined && profileLanguage !== preferences.profileLanguage) setPreferences({ profileLanguage });
  }, [profileLanguage, preferences.profileLanguage]);

  return <I18nContext value={i18n}>{children}</I18nContext>;
}

export function useI18n(): I18n {
  const i18n = useContext(I18nContext);
  if (i18n === null) throw new Error('useI18n needs an I18nProvider above it');
  return i18n;
}
