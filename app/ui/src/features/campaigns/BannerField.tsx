import type { ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import styles from './Campaigns.module.css';
import { TextArea } from './TextArea';

interface Props {
  html: string;
  isFixed: boolean;
  onChange: (html: string) => void;
  error: string | null;
}

/** HTML of the banner and what it looks like, in a frame that may do nothing: no scripts, no forms, no links. */
export function BannerField({ html, isFixed, onChange, error }: Props): ReactNode {
  const { t } = useI18n();
  return (
    <div className={styles.group}>
      <TextArea label={t('campaigns.banner')} help={t('campaigns.banner.help')} value={html} maxLength={20_000} isCode isDisabled={isFixed} onChange={onChange} error={error} />
      {html.trim() !== '' && (
        <iframe
          className={styles.banner}
          title={t('campaigns.banner.preview')}
          sandbox=""
          srcDoc={`<!doctype html><meta charset="utf-8"><body style="margin:12px;font:14px sans-serif">${html}`}
        />
      )}
    </div>
  );
}
