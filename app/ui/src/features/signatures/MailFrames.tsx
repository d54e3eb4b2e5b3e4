import { useMemo, useState, type ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import { Segmented } from '../../ui/Segmented';
import { mailFrame, withBoxes } from './frames';
import styles from './Signatures.module.css';

/** A signature in a light and a dark mail program, as wide as a desktop's or a phone's. Frames may do nothing. */
export function MailFrames({ html }: { html: string }): ReactNode {
  const { t, direction } = useI18n();
  const [width, setWidth] = useState<'desktop' | 'phone'>('desktop');
  const shown = useMemo(() => withBoxes(html), [html]);
  return (
    <div className={styles.frames}>
      <Segmented
        label={t('signatures.width')}
        value={width}
        onChange={setWidth}
        options={[
          { value: 'desktop', label: t('signatures.width.desktop') },
          { value: 'phone', label: t('signatures.width.phone') },
        ]}
      />
      {(['light', 'dark'] as const).map((look) => (
        <figure key={look} className={styles.figure}>
          <figcaption>{t(`signatures.look.${look}`)}</figcaption>
          <iframe
            className={styles.frame}
            data-width={width}
            title={t(`signatures.look.${look}`)}
            sandbox=""
            srcDoc={mailFrame(shown.html, look, t('signatures.frame.lead'), direction)}
          />
        </figure>
      ))}
      <p className={styles.help}>
        {t('signatures.look.note')} {shown.boxes > 0 && t('signatures.boxes')}
      </p>
    </div>
  );
}
