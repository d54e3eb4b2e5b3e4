import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { meQuery, mySignatureQuery } from '../../api/queries';
import { useI18n } from '../../i18n/I18n';
import { usePageTitle } from '../../shell/usePageTitle';
import { ErrorState } from '../../ui/ErrorState';
import { Skeleton } from '../../ui/Skeleton';
import { mailDocument } from './signatureHtml';
import styles from './SignaturePreviewPage.module.css';

/** A received message with my signature in it, pixel and all: showing this page is a real open. */
export default function SignaturePreviewPage(): ReactNode {
  const { t, direction } = useI18n();
  // Not from the cache: the signature as it is now, once for each time this page is loaded.
  const signature = useQuery({ ...mySignatureQuery, staleTime: Infinity });
  const me = useQuery(meQuery).data;
  usePageTitle(t('preview.title'));
  const lead = `<p dir="${direction}">${t('preview.body')}</p><br>`;
  return (
    <main className={styles.page}>
      <h1 className="visually-hidden">{t('preview.title')}</h1>
      {signature.isError ? (
        <ErrorState error={signature.error} onRetry={() => void signature.refetch()} />
      ) : (
        <article className={styles.mail}>
          <header className={styles.head}>
            <span className={styles.face} aria-hidden>
              {me?.user.name.slice(0, 1)}
            </span>
            <div>
              <h2 className={styles.subject}>{t('preview.subject')}</h2>
              <p className={styles.from}>
                {me === undefined ? <Skeleton inlineSize="16em" /> : <bdi>{`${me.user.name} <${me.user.email}>`}</bdi>}
              </p>
              <p className={styles.from}>{t('preview.to')}</p>
            </div>
          </header>
          {signature.data === undefined ? (
            <Skeleton blockSize="320px" />
          ) : (
            <iframe
              className={styles.frame}
              title={t('welcome.preview.frame')}
              sandbox=""
              srcDoc={mailDocument(signature.data.html, 'light', lead)}
            />
          )}
        </article>
      )}
      {signature.data !== undefined && (
        <p className={styles.note}>
          {t(signature.data.isTrackingOn ? 'preview.note' : 'preview.offNote')} {t('preview.back')}
        </p>
      )}
    </main>
  );
}
