import type { ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import { Card } from '../../ui/Card';
import { CopyButton } from '../../ui/CopyButton';
import { Skeleton } from '../../ui/Skeleton';
import styles from './WelcomePage.module.css';

/** The address of the pixel, for those who build their signature elsewhere; its room is kept until it is known. */
export function PixelCard({ pixelUrl }: { pixelUrl: string | undefined }): ReactNode {
  const { t } = useI18n();
  return (
    <Card title={t('welcome.pixel')}>
      <div className={styles.pixel}>
        <code dir="ltr" data-testid="pixel-url">
          {pixelUrl ?? <Skeleton inlineSize="80%" />}
        </code>
        <CopyButton text={pixelUrl ?? ''} label={t('welcome.pixel.copy')} />
      </div>
      <p className={styles.small}>{t('welcome.pixel.help')}</p>
    </Card>
  );
}
