/** Texts about opens that were counted and taken back: rules that look across hits found a machine behind them. */
import type { Message } from '../plural';

export const behaviour = {
  'about.takenBack': 'An open you saw counted may be taken back: a machine was found behind it.',
  'open.class.behaviour_many_tokens': 'Machine: many signatures at once',
  'open.class.behaviour_burst': 'Machine: one signature again and again',
  'open.why.behaviour_many_tokens':
    'Counted at first, then taken back: this visitor loaded the signatures of many different people within ten seconds, faster than anybody reads.',
  'open.why.behaviour_burst':
    'Counted at first, then taken back: this visitor loaded one signature again and again within ten seconds.',
} as const satisfies Record<string, Message>;
