/** Texts with placeholders and plural forms: `{name}` is filled in, and `count` chooses the form. */
import type { ReactNode } from 'react';

/** Forms by CLDR category; `other` is always there, a language names the rest it needs. */
export type PluralForms = { other: string } & Partial<Record<Exclude<Intl.LDMLPluralRule, 'other'>, string>>;
export type Message = string | PluralForms;

const PLACEHOLDER = /\{(\w+)\}/g;

/** The text of a message for `count` in the language of `rules`. */
export function chooseForm(message: Message, count: number | undefined, rules: Intl.PluralRules): string {
  if (typeof message === 'string') return message;
  return message[rules.select(count ?? 0)] ?? message.other;
}

/** Fills in words; a placeholder without a value stays visible, so that it is noticed. */
export function fillText(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(PLACEHOLDER, (whole, name: string) => values[name] ?? whole);
}

/** Fills in elements: the pieces of the sentence in the order of its language. */
export function fillNodes(text: string, values: Readonly<Record<string, ReactNode>>): ReactNode[] {
  return text.split(/(\{\w+\})/).map((piece) => {
    const name = /^\{(\w+)\}$/.exec(piece)?.[1];
    return name === undefined ? piece : (values[name] ?? piece);
  });
}

/** Names of the placeholders of a text, sorted. */
export function placeholdersOf(text: string): string[] {
  return [...new Set([...text.matchAll(PLACEHOLDER)].map((match) => match[1] ?? ''))].sort();
}
