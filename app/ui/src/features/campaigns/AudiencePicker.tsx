import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useState, type ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import { IconButton } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { Segmented } from '../../ui/Segmented';
import { Skeleton } from '../../ui/Skeleton';
import { audienceText } from './campaignTexts';
import styles from './Campaigns.module.css';
import { audienceDepartmentsQuery, audienceSearchQuery, type Audience, type Campaign } from './queries';

interface Props {
  campaign: Campaign;
  audience: Audience;
  /** The campaign has started: who is in it is decided. */
  isFixed: boolean;
  onChange: (audience: Audience) => void;
  error: string | null;
}

const KINDS = ['everybody', 'departments', 'people'] as const;
interface Named {
  id: string;
  name: string;
  isActive: boolean;
}

/** Whose signatures carry the campaign: everybody's, those of departments, or of people chosen one by one. */
export function AudiencePicker({ campaign, audience, isFixed, onChange, error }: Props): ReactNode {
  const i18n = useI18n();
  const { t } = i18n;
  const [picked, setPicked] = useState<readonly Named[]>([]);
  const known = new Map<string, Named>([...campaign.audiencePeople, ...picked].map((person) => [person.id, person]));
  const label = t('campaigns.audience');
  if (isFixed) {
    return (
      <div>
        <p className={styles.label}>{label}</p>
        <p>{audienceText(audience.kind, audience.departments, i18n)}</p>
        <p className={styles.note}>{t('campaigns.audience.fixed')}</p>
      </div>
    );
  }
  return (
    <div className={styles.group} role="group" aria-label={label}>
      <p className={styles.label} aria-hidden>
        {label}
      </p>
      <Segmented
        label={label}
        value={audience.kind}
        onChange={(kind) => onChange({ ...audience, kind })}
        options={KINDS.map((kind) => ({ value: kind, label: t(`campaigns.audience.${kind}`) }))}
      />
      {audience.kind === 'departments' && (
        <Departments chosen={audience.departments} onChange={(departments) => onChange({ ...audience, departments })} />
      )}
      {audience.kind === 'people' && (
        <People
          chosen={audience.people.map((id) => known.get(id) ?? { id, name: id, isActive: true })}
          onAdd={(person) => {
            setPicked((before) => [...before, person]);
            onChange({ ...audience, people: [...audience.people.filter((id) => id !== person.id), person.id] });
          }}
          onRemove={(id) => onChange({ ...audience, people: audience.people.filter((other) => other !== id) })}
        />
      )}
      {error !== null && (
        <p className={styles.error} role="alert" dir="auto">
          {error}
        </p>
      )}
      <p className={styles.note}>{t(`campaigns.audience.${audience.kind}.help`)}</p>
    </div>
  );
}

function Departments({ chosen, onChange }: { chosen: readonly string[]; onChange: (departments: string[]) => void }): ReactNode {
  const { t, format } = useI18n();
  const found = useQuery(audienceDepartmentsQuery);
  const here = found.data?.data.flatMap((item) => (item.department === null ? [] : [{ name: item.department, people: item.people }]));
  const folded = new Set(chosen.map((name) => name.toLocaleLowerCase()));
  const isChosen = (name: string): boolean => folded.has(name.toLocaleLowerCase());
  // A chosen department nobody is in any more stays visible, so that it can be taken out.
  const gone = chosen.filter((name) => here?.every((item) => item.name.toLocaleLowerCase() !== name.toLocaleLowerCase()) === true);
  const toggle = (name: string): void =>
    onChange(isChosen(name) ? chosen.filter((other) => other.toLocaleLowerCase() !== name.toLocaleLowerCase()) : [...chosen, name]);
  if (found.isError) return <p className={styles.error}>{t('campaigns.audience.away')}</p>;
  if (here === undefined) return <Skeleton blockSize="120px" />;
  if (here.length === 0) return <p className={styles.note}>{t('campaigns.audience.noDepartments')}</p>;
  return (
    <ul className={styles.picker}>
      {[...here, ...gone.map((name) => ({ name, people: 0 }))].map((item) => (
        <li key={item.name}>
          <label>
            <input type="checkbox" checked={isChosen(item.name)} onChange={() => toggle(item.name)} />
            <span dir="auto">{item.name}</span>
            <span className={styles.count}>{format.number(item.people)}</span>
          </label>
        </li>
      ))}
    </ul>
  );
}

function People({ chosen, onAdd, onRemove }: { chosen: readonly Named[]; onAdd: (person: Named) => void; onRemove: (id: string) => void }): ReactNode {
  const { t } = useI18n();
  const [search, setSearch] = useState('');
  const found = useQuery({ ...audienceSearchQuery(search.trim()), enabled: search.trim() !== '' });
  const taken = new Set(chosen.map((person) => person.id));
  const offered = found.data?.data.filter((person) => person.isActive && !taken.has(person.id)) ?? [];
  return (
    <>
      {chosen.length > 0 && (
        <ul className={styles.chosen} aria-label={t('campaigns.audience.chosen')}>
          {chosen.map((person) => (
            <li key={person.id} data-left={!person.isActive}>
              <span dir="auto">{person.name}</span>
              <IconButton label={t('campaigns.audience.remove', { name: person.name })} onClick={() => onRemove(person.id)}>
                <X size={14} aria-hidden />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <Field label={t('campaigns.audience.search')} type="search" value={search} maxLength={200} onChange={(event) => setSearch(event.target.value)} />
      {search.trim() !== '' && found.data !== undefined && (
        <ul className={styles.picker} aria-label={t('campaigns.audience.found')}>
          {offered.map((person) => (
            <li key={person.id}>
              <button
                type="button"
                onClick={() => {
                  onAdd({ id: person.id, name: person.name, isActive: true });
                  setSearch('');
                }}
              >
                <span dir="auto">{person.name}</span>
                <span className={styles.count} dir="auto">
                  {person.department ?? person.email}
                </span>
              </button>
            </li>
          ))}
          {offered.length === 0 && <li className={styles.note}>{t('campaigns.audience.nobodyFound')}</li>}
        </ul>
      )}
    </>
  );
}
