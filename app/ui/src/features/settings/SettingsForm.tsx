import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode, SubmitEvent } from 'react';

import { change } from '../../api/client';
import { isProblem } from '../../api/problem';
import { trackingSettingsQuery } from '../../api/queries';
import type { TrackingSettings } from '../../api/types';
import { useI18n } from '../../i18n/I18n';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { Switch } from '../../ui/Switch';
import { Conflict } from './Conflict';
import { DepartmentField, isPossibleSize } from './DepartmentField';
import { isPossible, RetentionField } from './RetentionField';
import styles from './Settings.module.css';
import { NAMES, useSettingsDraft, type Six } from './useSettingsDraft';

const SWITCHES = ['userTrackingEnabled', 'campaignTrackingEnabled', 'showUserDashboard', 'excludeBots', 'recordCountry'] as const;

export function SettingsForm({ saved, organisation }: { saved: TrackingSettings; organisation: string }): ReactNode {
  const { t, format } = useI18n();
  const client = useQueryClient();
  const draft = useSettingsDraft(saved, organisation);
  const save = useMutation({
    mutationFn: (body: Six & { version: number }) => change('PUT', '/api/admin/tracking/settings', body),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: trackingSettingsQuery.queryKey });
      draft.discard();
      await client.invalidateQueries(); // numbers and disclaimers of every page depend on these
    },
    onError: (error) => {
      if (isProblem(error, 409)) void client.invalidateQueries({ queryKey: trackingSettingsQuery.queryKey });
    },
  });
  const conflict = isProblem(save.error, 409) ? save.error : null;
  const isChanged = draft.changed.length > 0;
  const isFit = isPossible(draft.values.retentionDays) && isPossibleSize(draft.values.departmentMinPeople);
  const set = (next: Partial<Six>): void => {
    if (conflict === null) save.reset();
    draft.set(next);
  };
  const discard = (): void => {
    save.reset();
    draft.discard();
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (isChanged && isFit) save.mutate(draft.body);
  };
  const state = save.isPending ? 'saving' : save.isError ? 'failed' : isChanged ? 'unsaved' : save.isSuccess ? 'saved' : null;
  const names = (list: readonly string[]): string =>
    format.list(NAMES.filter((name) => list.includes(name)).map((name) => t(`settings.${name}`)));
  return (
    <Card>
      <form className={styles.form} onSubmit={submit} noValidate>
        <div>
          {SWITCHES.map((name) => (
            <Switch key={name} label={t(`settings.${name}`)} help={t(`settings.${name}.help`)} isOn={draft.values[name]} onChange={(isOn) => set({ [name]: isOn })} />
          ))}
        </div>
        <RetentionField days={draft.values.retentionDays} saved={saved.retentionDays} onChange={(retentionDays) => set({ retentionDays })} />
        <DepartmentField people={draft.values.departmentMinPeople} onChange={(departmentMinPeople) => set({ departmentMinPeople })} />
        {conflict !== null && (
          <Conflict
            problem={conflict}
            onKeepMine={() => {
              draft.rebase();
              save.mutate({ ...draft.body, version: saved.version });
            }}
            onDiscard={discard}
          />
        )}
        <div className={styles.foot}>
          <Button type="submit" look="primary" disabled={!isChanged || !isFit || save.isPending || conflict !== null}>
            {t('account.save')}
          </Button>
          {isChanged && !save.isPending && conflict === null && (
            <Button look="quiet" onClick={discard}>
              {t('account.discard')}
            </Button>
          )}
          <p role="status" className={styles.state} data-kind={state}>
            {state !== null && conflict === null && t(`account.${state}`)}
            {save.isError && conflict === null && isProblem(save.error) && <span dir="auto"> {save.error.detail}</span>}
          </p>
        </div>
        {saved.lastChange !== null && (
          <p className={styles.state}>
            {t('settings.lastChange', {
              who: saved.lastChange.by ?? t('settings.somebody'),
              time: format.moment(saved.lastChange.at),
              what: names(saved.lastChange.changed),
            })}
          </p>
        )}
      </form>
    </Card>
  );
}
