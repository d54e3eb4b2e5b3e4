import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState, type ReactNode, type SubmitEvent } from 'react';

import { changed } from '../../api/client';
import { isProblem } from '../../api/problem';
import { useI18n } from '../../i18n/I18n';
import { Button } from '../../ui/Button';
import { CopyButton } from '../../ui/CopyButton';
import { Dialog } from '../../ui/Dialog';
import { Field, SelectField } from '../../ui/Field';
import { formText } from '../../ui/formText';
import styles from './Keys.module.css';
import { OriginsField } from './OriginsField';
import { forgetKeys, type ApiKey } from './queries';
import { SCOPES, scopesOf, type Scope } from './scopes';

const DAYS = ['30', '90', '365', 'never'] as const;
const DAY_MS = 86_400_000;

/** Makes a key, then shows it: this once. */
export function NewKeyDialog({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useI18n();
  const client = useQueryClient();
  const [scope, setScope] = useState<Scope>('read');
  const [missing, setMissing] = useState<'name' | 'origins' | null>(null);
  const legend = useId();
  const make = useMutation({
    mutationFn: (body: object) => changed<{ key: string; view: ApiKey }>('POST', '/api/me/api-keys', body),
    onSuccess: () => forgetKeys(client),
  });
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const name = formText(form, 'name').trim();
    const days = formText(form, 'days');
    const allowedOrigins = scope === 'widget' ? formText(form, 'origins').split(/\s+/).filter(Boolean) : [];
    const wrong = name === '' ? 'name' : scope === 'widget' && allowedOrigins.length === 0 ? 'origins' : null;
    setMissing(wrong);
    if (wrong !== null) return;
    const expiresAt = days === 'never' ? null : new Date(Date.now() + Number(days) * DAY_MS).toISOString();
    make.mutate({ name, scopes: scopesOf(scope), allowedOrigins, expiresAt });
  };
  if (make.data !== undefined) return <Made secret={make.data.key} onClose={onClose} />;
  const refusal = isProblem(make.error) ? (make.error.detail ?? make.error.code) : make.error?.message;
  const isOfOrigins = refusal?.startsWith('allowedOrigins') === true;
  return (
    <Dialog title={t('apikeys.make')} isOpen onOpenChange={(isOpen) => !isOpen && onClose()}>
      <form className={styles.form} onSubmit={submit} noValidate>
        <Field data-first-focus label={t('apikeys.name')} name="name" dir="auto" maxLength={200} autoComplete="off" help={t('apikeys.name.help')} error={missing === 'name' ? t('apikeys.name.missing') : null} />
        <fieldset className={styles.choices} aria-labelledby={legend}>
          <legend id={legend}>{t('apikeys.may')}</legend>
          {SCOPES.map((each) => (
            <label key={each} className={styles.choice}>
              <input type="radio" name="scope" value={each} checked={scope === each} onChange={() => setScope(each)} />
              <span>{t(`apikeys.may.${each}`)}</span>
              <span>{t(`apikeys.may.${each}.text`)}</span>
            </label>
          ))}
        </fieldset>
        {scope === 'widget' && <OriginsField error={missing === 'origins' ? t('apikeys.origins.missing') : isOfOrigins ? refusal : null} />}
        <SelectField label={t('apikeys.for')} name="days" defaultValue="90">
          {DAYS.map((days) => (
            <option key={days} value={days}>
              {t(`apikeys.for.${days}`)}
            </option>
          ))}
        </SelectField>
        {make.isError && !isOfOrigins && (
          <p role="alert" className={styles.bad} dir="auto">
            {refusal}
          </p>
        )}
        <div className={styles.foot}>
          <Button type="submit" look="primary" disabled={make.isPending}>
            {t('apikeys.create')}
          </Button>
          <Button look="quiet" onClick={onClose}>
            {t('apikeys.cancel')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Made({ secret, onClose }: { secret: string; onClose: () => void }): ReactNode {
  const { t } = useI18n();
  return (
    <Dialog title={t('apikeys.made.title')} isOpen onOpenChange={(isOpen) => !isOpen && onClose()}>
      <div className={styles.form}>
        <p>{t('apikeys.made.text')}</p>
        <code dir="ltr" className={styles.key}>
          {secret}
        </code>
        <div className={styles.foot}>
          <CopyButton text={secret} label={t('apikeys.copy')} look="primary" />
          <Button look="quiet" onClick={onClose}>
            {t('apikeys.made.done')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
