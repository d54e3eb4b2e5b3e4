import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode, type SubmitEvent } from 'react';

import { changed } from '../../api/client';
import { Problem } from '../../api/problem';
import { useI18n } from '../../i18n/I18n';
import { Button } from '../../ui/Button';
import { CopyButton } from '../../ui/CopyButton';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { formText } from '../../ui/formText';
import styles from './Embed.module.css';
import { originOf, policyOf, snippetOf } from './embedSnippet';

/** Makes a key for the widget and shows the script tag, this once. */
export default function EmbedDialog({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useI18n();
  const [problem, setProblem] = useState<string | null>(null);
  const making = useMutation({
    mutationFn: (origin: string) =>
      changed<{ key: string }>('POST', '/api/me/api-keys', {
        name: t('embed.keyName', { site: new URL(origin).host }),
        scopes: ['widget'],
        allowedOrigins: [origin],
      }),
    onError: (error) => setProblem(error instanceof Problem && error.status === 409 ? t('embed.tooMany') : t('embed.failed')),
  });
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const origin = originOf(formText(new FormData(event.currentTarget), 'site'));
    setProblem(origin === null ? t('embed.site.wrong') : null);
    if (origin !== null) making.mutate(origin);
  };
  return (
    <Dialog title={t('embed.title')} isOpen onOpenChange={onClose}>
      <div className={styles.embed}>
        <p>{t('embed.what')}</p>
        {making.data === undefined ? (
          <form className={styles.embed} onSubmit={submit} noValidate>
            <Field label={t('embed.site')} help={t('embed.site.help')} name="site" type="url" dir="ltr" placeholder="https://" error={problem} autoComplete="url" />
            <p className={styles.public}>{t('embed.public')}</p>
            <Button type="submit" look="primary" disabled={making.isPending}>
              {t(making.isPending ? 'embed.making' : 'embed.make')}
            </Button>
          </form>
        ) : (
          <Made snippet={snippetOf(window.location.origin, making.data.key)} />
        )}
        <p className={styles.note}>
          <a href="/settings/keys">{t('embed.keys')}</a>
        </p>
      </div>
    </Dialog>
  );
}

function Made({ snippet }: { snippet: string }): ReactNode {
  const { t } = useI18n();
  const policy = policyOf(window.location.origin);
  return (
    <>
      <p className={styles.once} role="status">
        {t('embed.once')}
      </p>
      <Code name={t('embed.snippet')} text={snippet} />
      <p>{t('embed.policy')}</p>
      <Code name={t('embed.policy.name')} text={policy} />
      <p className={styles.note}>{t('embed.more')}</p>
    </>
  );
}

function Code({ name, text }: { name: string; text: string }): ReactNode {
  const { t } = useI18n();
  return (
    <div className={styles.code}>
      {/* A region that scrolls must be reachable by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre dir="ltr" tabIndex={0} role="region" aria-label={name}>
        {text}
      </pre>
      <CopyButton text={text} label={t('embed.copy', { name })} />
    </div>
  );
}
