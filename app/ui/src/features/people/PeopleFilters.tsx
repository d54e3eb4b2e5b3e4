import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import { Button } from '../../ui/Button';
import { SearchBox } from '../../ui/SearchBox';
import styles from './People.module.css';
import { checkedSearch, isFiltered, NO_DEPARTMENT, ROLES, STATES, type PeopleSearch } from './peopleSearch';
import { departmentsQuery } from './queries';

const TYPING_MS = 250;

interface Props {
  search: PeopleSearch;
  onChange: (search: PeopleSearch) => void;
}

/** Search and filters; all of them in the address, so that a link shows the same people. */
export function PeopleFilters({ search, onChange }: Props): ReactNode {
  const { t } = useI18n();
  const departments = useQuery(departmentsQuery).data?.data ?? [];
  const set = (change: Partial<Record<keyof PeopleSearch, string>>): void => onChange(checkedSearch({ ...search, ...change }));
  return (
    <div className={styles.filters} role="search">
      <Finder text={search.search ?? ''} onChange={(text) => set({ search: text })} />
      <Choice label={t('people.filter.department')} value={search.department ?? ''} onChange={(department) => set({ department })}>
        {departments.map((item) => (
          <option key={item.department ?? NO_DEPARTMENT} value={item.department ?? NO_DEPARTMENT}>
            {item.department ?? t('people.department.none')}
          </option>
        ))}
      </Choice>
      <Choice label={t('people.filter.role')} value={search.role ?? ''} onChange={(role) => set({ role })}>
        {ROLES.map((role) => (
          <option key={role} value={role}>
            {t(`people.role.${role}`)}
          </option>
        ))}
      </Choice>
      <Choice label={t('people.filter.state')} value={search.state ?? ''} onChange={(state) => set({ state })}>
        {STATES.map((state) => (
          <option key={state} value={state}>
            {t(`people.state.${state}`)}
          </option>
        ))}
      </Choice>
      {isFiltered(search) && (
        <Button look="quiet" size="small" icon={<X size={14} aria-hidden />} onClick={() => onChange({})}>
          {t('people.filter.clear')}
        </Button>
      )}
    </div>
  );
}

/** Asks when the typing pauses; follows the address when it changes otherwise. */
function Finder({ text, onChange }: { text: string; onChange: (text: string) => void }): ReactNode {
  const { t } = useI18n();
  const [typed, setTyped] = useState<string | null>(null);
  useEffect(() => {
    if (typed === null) return;
    const timer = window.setTimeout(() => {
      setTyped(null);
      if (typed.trim() !== text.trim()) onChange(typed);
    }, TYPING_MS);
    return () => window.clearTimeout(timer);
  }, [typed, text, onChange]);
  return (
    <div className={styles.search}>
      <SearchBox label={t('people.search')} value={typed ?? text} onChange={setTyped} />
    </div>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  children: ReactNode;
}

function Choice({ label, value, onChange, children }: ChoiceProps): ReactNode {
  const { t } = useI18n();
  return (
    <select className={styles.choice} data-chosen={value !== ''} aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>
      <option value="">
        {label}: {t('people.filter.all')}
      </option>
      {children}
    </select>
  );
}
