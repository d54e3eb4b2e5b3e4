import { useRouter } from '@tanstack/react-router';
import type { MouseEvent, ReactNode } from 'react';

import { useI18n, type I18n } from '../../i18n/I18n';
import { STATES } from '../campaigns/queries';
import { ROLES } from '../people/peopleSearch';
import styles from './Audit.module.css';
import { audienceOf, fieldsOf, labelOf, pathOf, sentenceOf } from './changeWords';
import type { Change } from './queries';

/** One change: a sentence, its time, and each field from what to what. */
export function ChangeEntry({ change }: { change: Change }): ReactNode {
  const { t, rich, format } = useI18n();
  const router = useRouter();
  const { actor } = change;
  const who = actor.kind === 'system' ? t('audit.system') : (actor.name ?? t('audit.somebody'));
  const path = pathOf(change);
  const follow = (event: MouseEvent): void => {
    if (path === null || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    router.history.push(path);
  };
  const fields = fieldsOf(change);
  return (
    <li className={styles.entry}>
      <time dateTime={change.at} className={styles.time}>
        {format.time(change.at)}
      </time>
      <div>
        <p>
          {rich(sentenceOf(change.action), {
            who: <strong dir="auto">{who}</strong>,
            subject: <strong dir="auto">{change.subject}</strong>,
            action: <code>{change.action}</code>,
          })}
          {actor.keyName !== null && <span className={styles.note}> {t('audit.key', { key: actor.keyName })}</span>}
        </p>
        {fields.length > 0 && (
          <ul className={styles.fields}>
            {fields.map(({ field, before, after, isNew }) => {
              const label = labelOf(field);
              const name = label === null ? field : t(label);
              return (
                <li key={field}>
                  {isNew
                    ? t('audit.is', { field: name, value: wordsOf(after, field, t, format) })
                    : t('audit.fromTo', { field: name, before: wordsOf(before, field, t, format), after: wordsOf(after, field, t, format) })}
                </li>
              );
            })}
          </ul>
        )}
        {path !== null && (
          <a href={path} onClick={follow} className={styles.open}>
            {t('audit.open')}
          </a>
        )}
      </div>
    </li>
  );
}

/** A value as people say it. Each is isolated, so that names of either direction stay whole beside the arrow. */
function wordsOf(value: unknown, field: string, t: I18n['t'], format: I18n['format']): string {
  const isolated = (text: string): string => `\u2068${text}\u2069`;
  if (value === null || value === undefined || value === '') return t('audit.nothing');
  if (typeof value === 'boolean') return t(value ? 'audit.on' : 'audit.off');
  if (typeof value === 'number') return format.number(value);
  if (Array.isArray(value)) return value.length === 0 ? t('audit.nothing') : isolated(format.list(value.map(String)));
  const audience = audienceOf(value);
  if (audience !== null) return isolated(audienceWords(audience, t, format));
  if (typeof value === 'object') return isolated(JSON.stringify(value));
  const text = typeof value === 'string' ? value : '';
  const role = field === 'role' ? ROLES.find((known) => known === text) : undefined;
  if (role !== undefined) return t(`people.role.${role}`);
  const state = field === 'state' ? STATES.find((known) => known === text) : undefined;
  if (state !== undefined) return t(`campaigns.state.${state}`);
  if (/^\d{4}-\d\d-\d\dT/.test(text)) return format.moment(text);
  return isolated(text);
}

function audienceWords({ kind, members }: NonNullable<ReturnType<typeof audienceOf>>, t: I18n['t'], format: I18n['format']): string {
  if (kind === 'everybody') return t('campaigns.audience.everybody');
  if (kind === 'people') return t('people.count', { count: members.length });
  return format.list(members);
}
