import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type SubmitEvent, type ReactNode } from 'react';

import { change } from '../../api/client';
import { isProblem } from '../../api/problem';
import { meQuery } from '../../api/queries';
import { useI18n } from '../../i18n/I18n';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { Field } from '../../ui/Field';
import { Switch } from '../../ui/Switch';
import { formText } from '../../ui/formText';
import styles from './Account.module.css';

/** Shortest password the API accepts. */
const SHORTEST = 12;

export function PasswordCard({ hasPassword, email }: { hasPassword: boolean; email: string }): ReactNode {
  const { t } = useI18n();
  const client = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const [keepKeys, setKeepKeys] = useState(false);
  const [tooShort, setTooShort] = useState<number | null>(null);
  const save = useMutation({
    mutationFn: (body: { new: string; keepKeys: boolean; current?: string }) => change('PUT', '/api/me/password', body),
    onSuccess: async () => {
      form.current?.reset();
      await client.invalidateQueries({ queryKey: meQuery.queryKey });
    },
  });
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const next = formText(data, 'new');
    const length = Array.from(next).length; // characters as the API counts them, not UTF-16 units
    setTooShort(length < SHORTEST ? length : null);
    if (length >= SHORTEST) save.mutate({ new: next, keepKeys, ...(hasPassword && { current: formText(data, 'current') }) });
  };
  const isWrong = isProblem(save.error) && save.error.status < 500 && save.error.status > 0 && save.error.status !== 422;
  const refusal = isProblem(save.error) ? save.error.detail : null;
  return (
    <Card title={t('account.password')}>
      <form ref={form} className={styles.form} onSubmit={submit} noValidate>
        <p className={styles.hint}>{t(hasPassword ? 'account.password.help' : 'account.password.none')}</p>
        {/* Lets password managers know whose password it is. */}
        <input type="email" name="email" autoComplete="username" value={email} readOnly hidden />
        {hasPassword && (
          <Field
            label={t('account.password.current')}
            name="current"
            type="password"
            autoComplete="current-password"
            dir="ltr"
            error={isWrong ? t('account.password.wrong') : null}
          />
        )}
        <Field
          label={t('account.password.new')}
          name="new"
          type="password"
          autoComplete="new-password"
          dir="ltr"
          help={t('account.password.rule')}
          error={
            tooShort !== null
              ? t('account.password.short', { count: tooShort })
              : save.isError && !(isWrong && hasPassword)
                ? (refusal ?? t('account.failed'))
                : null
          }
        />
        <p className={styles.hint}>{t('account.password.ends')}</p>
        <Switch label={t('account.password.keepKeys')} help={t('account.password.keepKeys.help')} isOn={keepKeys} onChange={setKeepKeys} />
        <div className={styles.foot}>
          <Button type="submit" disabled={save.isPending}>
            {t(hasPassword ? 'account.password.change' : 'account.password.set')}
          </Button>
          <p role="status" className={styles.state} data-kind="saved">
            {save.isSuccess && t('account.password.done')}
          </p>
        </div>
      </form>
    </Card>
  );
}
