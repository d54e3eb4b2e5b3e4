import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';

import { change } from '../../api/client';
import { isProblem } from '../../api/problem';
import { useI18n } from '../../i18n/I18n';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Table, type Column } from '../../ui/Table';
import { useToast } from '../../ui/Toast';
import styles from './Keys.module.css';
import { forgetKeys, type ApiKey } from './queries';
import { scopeOf } from './scopes';

/** The keys, and the way to end one. */
export function KeysTable({ keys, isOfAll, tools }: { keys: readonly ApiKey[] | undefined; isOfAll: boolean; tools: ReactNode }): ReactNode {
  const { t, format } = useI18n();
  const [ending, setEnding] = useState<ApiKey | null>(null);
  const dates = new Intl.DateTimeFormat(format.locale, { dateStyle: 'medium', timeZone: format.timeZone });
  const until = (key: ApiKey): string => {
    if (key.expiresAt === null) return t('apikeys.expires.never');
    const time = dates.format(new Date(key.expiresAt));
    return Date.parse(key.expiresAt) > Date.now() ? time : t('apikeys.expired', { time });
  };
  const columns: Column<ApiKey>[] = [
    { key: 'name', title: t('apikeys.name'), cell: (key) => <span dir="auto">{key.name}</span>, value: (key) => key.name },
    ...(isOfAll
      ? [{ key: 'owner', title: t('apikeys.owner'), cell: (key: ApiKey) => <span dir="auto">{key.owner.name}</span>, value: (key: ApiKey) => key.owner.name }]
      : []),
    { key: 'key', title: t('apikeys.key'), cell: (key) => <code dir="ltr">{key.prefix}…</code> },
    {
      key: 'may',
      title: t('apikeys.may'),
      cell: (key) => (
        <>
          {t(`apikeys.may.${scopeOf(key)}`)}
          {key.allowedOrigins.map((origin) => (
            <bdi key={origin} dir="ltr" className={styles.origin}>
              {origin}
            </bdi>
          ))}
        </>
      ),
      value: scopeOf,
    },
    {
      key: 'used',
      title: t('apikeys.used'),
      cell: (key) => (key.lastUsedAt === null ? <span className={styles.faint}>{t('apikeys.never')}</span> : format.moment(key.lastUsedAt)),
      value: (key) => key.lastUsedAt,
    },
    { key: 'expires', title: t('apikeys.expires'), cell: until, value: (key) => key.expiresAt },
    { key: 'created', title: t('apikeys.created'), cell: (key) => dates.format(new Date(key.createdAt)), value: (key) => key.createdAt, isHiddenAtFirst: true },
    {
      key: 'revoke',
      title: t('apikeys.revoke'),
      isAction: true,
      cell: (key) => (
        <Button size="small" look="quiet" aria-label={t('apikeys.revoke.label', { name: key.name })} onClick={() => setEnding(key)}>
          {t('apikeys.revoke')}
        </Button>
      ),
    },
  ];
  return (
    <>
      <Table name="api-keys" caption={t('apikeys.title')} columns={columns} rows={keys} rowKey={(key) => key.id} isOnPage tools={tools} />
      {ending !== null && <RevokeDialog key={ending.id} of={ending} isOfAll={isOfAll} onClose={() => setEnding(null)} />}
    </>
  );
}

function RevokeDialog({ of, isOfAll, onClose }: { of: ApiKey; isOfAll: boolean; onClose: () => void }): ReactNode {
  const { t } = useI18n();
  const client = useQueryClient();
  const say = useToast();
  const { name } = of;
  const revoke = useMutation({
    mutationFn: () => change('DELETE', `/api/${isOfAll ? 'admin' : 'me'}/api-keys/${of.id}`),
    onSuccess: async () => {
      await forgetKeys(client);
      say(t('apikeys.revoked', { name }));
      onClose();
    },
  });
  return (
    <Dialog title={t('apikeys.revoke.title', { name })} isOpen onOpenChange={(isOpen) => !isOpen && onClose()}>
      <div className={styles.form}>
        <p>{t('apikeys.revoke.text')}</p>
        {revoke.isError && (
          <p role="alert" className={styles.bad} dir="auto">
            {isProblem(revoke.error) ? (revoke.error.detail ?? t('sessions.failed')) : t('sessions.failed')}
          </p>
        )}
        <div className={styles.foot}>
          <Button look="danger" disabled={revoke.isPending} onClick={() => revoke.mutate()}>
            {t('apikeys.revoke')}
          </Button>
          <Button look="quiet" onClick={onClose}>
            {t('apikeys.cancel')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
