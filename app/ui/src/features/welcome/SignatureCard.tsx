import { Link } from '@tanstack/react-router';
import { Copy, ExternalLink } from 'lucide-react';
import { useState, type ReactNode } from 'react';

import type { MySignature } from '../../api/types';
import { useI18n } from '../../i18n/I18n';
import { Button, ButtonLink } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { copyRich } from '../../ui/clipboard';
import { Segmented } from '../../ui/Segmented';
import { Skeleton } from '../../ui/Skeleton';
import { useToast } from '../../ui/Toast';
import { mailDocument, plainText, withoutPixel } from './signatureHtml';
import styles from './WelcomePage.module.css';

interface Props {
  signature: MySignature | undefined;
  organisation: string;
}

/** The signature as readers see it, and what to do with it. */
export function SignatureCard({ signature, organisation }: Props): ReactNode {
  const { t } = useI18n();
  const say = useToast();
  const [look, setLook] = useState<'light' | 'dark'>('light');
  const copy = async (html: string): Promise<void> => {
    say(t((await copyRich(html, plainText(html))) ? 'welcome.copied' : 'app.copyFailed'));
  };
  return (
    <Card
      title={t('welcome.preview')}
      action={
        <Segmented
          label={t('welcome.preview')}
          value={look}
          onChange={setLook}
          options={[
            { value: 'light', label: t('welcome.preview.light') },
            { value: 'dark', label: t('welcome.preview.dark') },
          ]}
        />
      }
    >
      {signature === undefined ? (
        <Skeleton blockSize="200px" />
      ) : (
        <iframe
          className={styles.frame}
          title={t('welcome.preview.frame')}
          sandbox=""
          srcDoc={mailDocument(withoutPixel(signature.html, signature.pixelUrl), look)}
        />
      )}
      {signature?.isTrackingOn === false ? (
        <p className={styles.off} style={{ marginBlockStart: 12 }}>
          {t('welcome.off.text', { organisation })}
        </p>
      ) : (
        <p className={styles.small}>
          {t(look === 'dark' ? 'welcome.preview.darkNote' : 'welcome.preview.note')} <Link to="/account">{t('welcome.edit')}</Link>
        </p>
      )}
      <div className={styles.actions}>
        <ButtonLink look="primary" href="/signature-preview" target="_blank" rel="noopener" icon={<ExternalLink aria-hidden />}>
          {t('welcome.open')}
        </ButtonLink>
        <Button disabled={signature === undefined} icon={<Copy aria-hidden />} onClick={() => signature !== undefined && void copy(signature.html)}>
          {t('welcome.copy')}
        </Button>
      </div>
      <p className={styles.small}>{t('welcome.open.help')}</p>
    </Card>
  );
}
