import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import { Button } from '../../ui/Button';
import { Field, SelectField } from '../../ui/Field';
import { onePersonQuery } from '../people/queries';
import styles from './Audit.module.css';
import { checkedAudit, isFiltered, KINDS, type AuditSearch } from './auditSearch';

interface Props {
  search: AuditSearch;
  onChange: (search: AuditSearch) => void;
}

/** Kind, days and person, all of them in the address. A person is chosen on their own page or at an entry. */
export function AuditFilters({ search, onChange }: Props): ReactNode {
  const { t } = useI18n();
  const person = useQuery({ ...onePersonQuery(search.person ?? ''), enabled: search.person !== undefined }).data;
  const set = (name: keyof AuditSearch, value: string): void => {
    onChange(checkedAudit({ ...search, [name]: value }));
  };
  return (
    <div className={styles.filters} role="search">
      <SelectField label={t('audit.filter.kind')} value={search.kind ?? ''} onChange={(event) => set('kind', event.target.value)}>
        <option value="">{t('audit.filter.all')}</option>
        {KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {t(`audit.kind.${kind}`)}
          </option>
        ))}
      </SelectField>
      <Field label={t('audit.filter.from')} type="date" dir="ltr" value={search.from ?? ''} max={search.to} onChange={(event) => set('from', event.target.value)} />
      <Field label={t('audit.filter.to')} type="date" dir="ltr" value={search.to ?? ''} min={search.from} onChange={(event) => set('to', event.target.value)} />
      {search.person !== undefined && (
        <Button size="small" icon={<X size={14} aria-hidden />} onClick={() => set('person', '')}>
          {t('audit.filter.person', { name: person?.name ?? '…' })}
        </Button>
      )}
      {isFiltered(search) && (
        <Button look="quiet" size="small" onClick={() => onChange({})}>
          {t('audit.filter.clear')}
        </Button>
      )}
    </div>
  );
}
