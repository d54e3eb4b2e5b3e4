import { useMutation } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useState, type ReactNode } from 'react';

import { Problem } from '../../api/problem';
import { useI18n } from '../../i18n/I18n';
import { Button } from '../../ui/Button';
import { EXPORT } from './queries';
import { saveFile } from './saveFile';
import styles from './Signatures.module.css';

/** Everybody's signature as a zip. Its size is not known before: what has arrived is told. */
export function ExportButton(): ReactNode {
  const { t, format } = useI18n();
  const [received, setReceived] = useState(0);
  const zip = useMutation({
    mutationFn: async () => {
      setReceived(0);
      const response = await fetch(EXPORT, { credentials: 'same-origin' }).catch(() => {
        throw Problem.unreachable();
      });
      if (!response.ok || response.body === null) throw await Problem.from(response);
      const parts: BlobPart[] = [];
      const reader = response.body.getReader();
      for (let sum = 0; ; ) {
        const { done, value } = await reader.read();
        if (done) break;
        parts.push(value);
        sum += value.length;
        setReceived(sum);
      }
      const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1];
      saveFile(name ?? 'signatures.zip', new Blob(parts, { type: 'application/zip' }));
    },
  });
  const kilobytes = format.number(Math.ceil(received / 1000));
  return (
    <>
      <p role="status" className={styles.state} data-kind={zip.isError ? 'failed' : null}>
        {zip.isPending && t('signatures.export.progress', { size: kilobytes })}
        {zip.isSuccess && t('signatures.export.done', { size: kilobytes })}
        {zip.isError && t('signatures.export.failed')}
      </p>
      <Button icon={<Download size={16} aria-hidden />} disabled={zip.isPending} onClick={() => zip.mutate()}>
        {t('signatures.export')}
      </Button>
    </>
  );
}
