import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState, type SubmitEvent, type ReactNode } from 'react';

import { change } from '../../api/client';
import { isProblem } from '../../api/problem';
import { meQuery } from '../../api/queries';
import type { Me } from '../../api/types';
import { useI18n } from '../../i18n/I18n';
import { setPreferences } from '../../preferences/preferences';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { Field, SelectField } from '../../ui/Field';
import styles from './Account.module.css';
import { timeZones } from './timeZones';
import { useDraft } from './useDraft';

export function ProfileForm({ me }: { me: Me }): ReactNode {
  const { t } = useI18n();
  const client = useQueryClient();
  const { user, organisation } = me;
  const draft = useDraft(`profile.${user.id}`, {
    name: user.name,
    jobTitle: user.jobTitle,
    phone: user.phone,
    department: user.department ?? '',
    timeZone: user.timeZone,
    locale: user.locale,
  });
  const [isNameMissing, setNameMissing] = useState(false);
  const zones = useMemo(() => timeZones(user.timeZone), [user.timeZone]);
  const save = useMutation({
    mutationFn: (values: typeof draft.values) => change('PATCH', '/api/me', values),
    onSuccess: async (_answer, values) => {
      await client.invalidateQueries({ queryKey: meQuery.queryKey });
      draft.discard();
      setPreferences({ language: values.locale });
      await client.invalidateQueries(); // the signature, the days and the weeks depend on the profile
    },
  });
  const input = (key: keyof typeof draft.values): { name: string; value: string; onChange: (event: { target: { value: string } }) => void } => ({
    name: key,
    value: draft.values[key],
    onChange: (event) => {
      save.reset();
      draft.set(key, event.target.value);
    },
  });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const name = draft.values.name.trim();
    setNameMissing(name === '');
    if (name !== '') save.mutate({ ...draft.values, name });
  };
  const state = save.isPending ? 'saving' : save.isError ? 'failed' : draft.isChanged ? 'unsaved' : save.isSuccess ? 'saved' : null;
  const detail = isProblem(save.error) ? save.error.detail : null;
  return (
    <Card>
      <form className={styles.form} onSubmit={submit} noValidate>
        <div>
          <h2 className={styles.heading}>{t('account.signature')}</h2>
          <p className={styles.hint}>{t('account.signature.help')}</p>
        </div>
        <div className={styles.pair}>
          <Field label={t('account.name')} autoComplete="name" dir="auto" maxLength={200} error={isNameMissing ? t('account.nameMissing') : null} {...input('name')} />
          <Field label={t('account.jobTitle')} autoComplete="organization-title" dir="auto" maxLength={200} mark={t('account.optional')} {...input('jobTitle')} />
          <Field label={t('account.phone')} type="tel" autoComplete="tel" dir="ltr" maxLength={50} mark={t('account.optional')} {...input('phone')} />
          <Field label={t('account.email')} type="email" value={user.email} readOnly dir="ltr" help={t('account.email.help', { organisation: organisation.name })} />
        </div>
        <Field label={t('account.department')} dir="auto" maxLength={200} mark={t('account.optional')} help={t('account.department.help')} {...input('department')} />
        <div className={styles.line} />
        <h2 className={styles.heading}>{t('account.region')}</h2>
        <div className={styles.pair}>
          <SelectField label={t('account.timeZone')} help={t('account.timeZone.help')} {...input('timeZone')}>
            {zones.map((zone) => (
              <option key={zone.name} value={zone.name}>
                {zone.label}
              </option>
            ))}
          </SelectField>
          <SelectField label={t('language.label')} help={t('account.language.help')} {...input('locale')}>
            <option value="en">{t('language.en')}</option>
            <option value="ar">{t('language.ar')}</option>
          </SelectField>
        </div>
        <div className={styles.foot}>
          <Button type="submit" look="primary" disabled={!draft.isChanged || save.isPending}>
            {t('account.save')}
          </Button>
          {draft.isChanged && !save.isPending && (
            <Button
              look="quiet"
              onClick={() => {
                save.reset();
                setNameMissing(false);
                draft.discard();
              }}
            >
              {t('account.discard')}
            </Button>
          )}
          <p role="status" className={styles.state} data-kind={state}>
            {state !== null && t(`account.${state}`)} {detail}
          </p>
        </div>
      </form>
    </Card>
  );
}
