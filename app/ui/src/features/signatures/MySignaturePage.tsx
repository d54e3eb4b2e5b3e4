import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Code, Copy, Download, ExternalLink } from 'lucide-react';
import type { ReactNode } from 'react';

import { meQuery, mySignatureQuery } from '../../api/queries';
import type { MySignature } from '../../api/types';
import { useI18n } from '../../i18n/I18n';
import { usePageTitle } from '../../shell/usePageTitle';
import { Button, ButtonLink } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { copyRich, copyText } from '../../ui/clipboard';
import { ErrorState } from '../../ui/ErrorState';
import { PageHeader } from '../../ui/PageHeader';
import { Skeleton } from '../../ui/Skeleton';
import { useToast } from '../../ui/Toast';
import { AboutTracking } from '../engagement/AboutTracking';
import { withoutPixel } from '../welcome/signatureHtml';
import { Instructions } from './Instructions';
import { MailFrames } from './MailFrames';
import { saveFile } from './saveFile';
import styles from './Signatures.module.css';

/** One's own signature: what it looks like, how to take it along, and whether it is tracked. */
export default function MySignaturePage(): ReactNode {
  const { t } = useI18n();
  const say = useToast();
  const signature = useQuery(mySignatureQuery);
  const me = useQuery(meQuery).data;
  usePageTitle(t('signatures.mine'));
  const take = async (copying: Promise<boolean>, done: 'welcome.copied' | 'signatures.sourceCopied'): Promise<void> => say(t((await copying) ? done : 'app.copyFailed'));
  const found = signature.data;
  return (
    <>
      <PageHeader title={t('signatures.mine')} state={signature.isError && found !== undefined && <span className={styles.state}>{t('signatures.stale')}</span>}>
        <ButtonLink look="quiet" href="/signature-preview" target="_blank" rel="noopener" icon={<ExternalLink size={16} aria-hidden />}>
          {t('signatures.try')}
        </ButtonLink>
        <Button look="primary" disabled={found === undefined} icon={<Copy size={16} aria-hidden />} onClick={() => found !== undefined && void take(copyRich(found.html, found.plainText), 'welcome.copied')}>
          {t('welcome.copy')}
        </Button>
      </PageHeader>
      {signature.isError && found === undefined ? (
        <ErrorState error={signature.error} onRetry={() => void signature.refetch()} />
      ) : (
        <div className={styles.mine}>
          <Card title={t('welcome.preview')}>
            {found === undefined ? (
              <Skeleton blockSize="560px" />
            ) : (
              <div className={styles.editor}>
                <MailFrames html={withoutPixel(found.html, found.pixelUrl)} />
                <p className={styles.help}>
                  {t('welcome.preview.note')} <Link to="/account">{t('welcome.edit')}</Link>
                </p>
                <div className={styles.foot}>
                  <Button size="small" icon={<Code size={14} aria-hidden />} onClick={() => void take(copyText(found.html), 'signatures.sourceCopied')}>
                    {t('signatures.copySource')}
                  </Button>
                  <Button size="small" icon={<Download size={14} aria-hidden />} onClick={() => saveFile('signature.htm', file(found))}>
                    {t('signatures.download')}
                  </Button>
                  <Button size="small" icon={<Download size={14} aria-hidden />} onClick={() => saveFile('signature.txt', new Blob([found.plainText], { type: 'text/plain;charset=utf-8' }))}>
                    {t('signatures.downloadText')}
                  </Button>
                </div>
              </div>
            )}
          </Card>
          <div className={styles.editor}>
            <Card title={t('signatures.tracking')}>
              {found === undefined ? <Skeleton blockSize="72px" /> : <TrackingState signature={found} organisation={me?.organisation.name ?? ''} />}
            </Card>
            <Instructions />
          </div>
        </div>
      )}
      {me !== undefined && <AboutTracking retentionDays={me.settings.retentionDays} />}
    </>
  );
}

/** What this signature counts at this moment, said plainly. */
function TrackingState({ signature, organisation }: { signature: MySignature; organisation: string }): ReactNode {
  const { t, format } = useI18n();
  const campaigns = signature.campaignPixels;
  return (
    <div className={styles.editor}>
      <p data-testid="tracking-state">
        <strong>{t(signature.isTrackingOn ? 'signatures.tracking.on' : 'signatures.tracking.off')}</strong>{' '}
        {t(signature.isTrackingOn ? 'signatures.tracking.on.text' : 'signatures.tracking.off.text', { organisation })}
      </p>
      {campaigns.length > 0 && (
        <p>{t('signatures.tracking.campaigns', { count: campaigns.length, names: format.list(campaigns.map((one) => one.name)) })}</p>
      )}
      <p className={styles.help}>
        {t('signatures.tracking.never')} <Link to="/welcome">{t('signatures.watch')}</Link>
      </p>
    </div>
  );
}

const file = (signature: MySignature): Blob =>
  new Blob([`<!doctype html><html><head><meta charset="utf-8"></head><body>\n${signature.html}\n</body></html>\n`], { type: 'text/html;charset=utf-8' });
