import { FileUp } from 'lucide-react';
import { useRef, useState, type DragEvent, type ReactNode } from 'react';

import { useI18n } from '../../i18n/I18n';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { ImportColumns } from './ImportColumns';
import { ImportEncoding } from './ImportEncoding';
import { ImportErrors } from './ImportErrors';
import { ImportOutcome } from './ImportOutcome';
import { ImportPreview } from './ImportPreview';
import styles from './People.module.css';
import { NO_CHOICES, useImport, type Import } from './useImport';

/** Many people from a file: seen before it happens, told afterwards. */
export function ImportDialog({ onClose }: { onClose: () => void }): ReactNode {
  const { t, format } = useI18n();
  const work = useImport();
  const { stage, file } = work;
  const name = file?.name ?? '';
  const headers = stage.kind === 'failed' ? headersOf(stage.problem.fields.headers) : [];
  const isEncodingAsked = stage.kind === 'failed' && stage.problem.fields.field === 'encoding';
  return (
    <Dialog title={t('people.import.title')} isOpen onOpenChange={(isOpen) => !isOpen && onClose()} className={styles.import}>
      {stage.kind === 'choose' && <Drop onFile={(chosen) => work.check(chosen, NO_CHOICES)} />}
      {stage.kind === 'sending' && (
        <div className={styles.sections}>
          <label className={styles.progress}>
            <span dir="auto">{t(stage.isDryRun ? 'people.import.checking' : 'people.import.running', { file: name })}</span>
            <progress max={1} value={stage.share >= 1 ? undefined : stage.share} />
          </label>
          <p className={styles.note} role="status">
            {format.percent(Math.round(stage.share * 100))}
          </p>
        </div>
      )}
      {stage.kind === 'preview' && <Checked work={work} />}
      {stage.kind === 'done' && (
        <div className={styles.sections}>
          <h3>{t('people.import.done')}</h3>
          <ImportOutcome result={stage.result} />
          <p className={styles.note}>{t('people.import.done.text')}</p>
          <ImportErrors work={work} result={stage.result} />
          <div className={styles.foot}>
            <Button look="primary" onClick={onClose}>
              {t('people.import.close')}
            </Button>
            <Button look="quiet" onClick={work.reset}>
              {t('people.import.other')}
            </Button>
          </div>
        </div>
      )}
      {stage.kind === 'failed' && (
        <div className={styles.sections}>
          <div className={styles.warning} role="alert">
            {!stage.isDryRun && <p>{t('people.import.broken')}</p>}
            <p dir="auto">{isEncodingAsked ? t('people.import.encoding.asked') : stage.problem.fields.field === 'email' && headers.length > 0 ? t('people.import.noAddress') : (stage.problem.detail ?? t('error.unreachable'))}</p>
          </div>
          {isEncodingAsked && <ImportEncoding work={work} found="" />}
          <ImportColumns work={work} headers={headers} />
          <div className={styles.foot}>
            {file !== null && (
              <Button look="primary" onClick={() => (stage.isDryRun ? work.check(file, work.choices) : work.run())}>
                {t('app.retry')}
              </Button>
            )}
            <Button look="quiet" onClick={work.reset}>
              {t('people.import.other')}
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}

function Checked({ work }: { work: Import }): ReactNode {
  const { t } = useI18n();
  if (work.stage.kind !== 'preview') return null;
  const { result } = work.stage;
  const count = result.created + result.updated;
  return (
    <div className={styles.sections}>
      <ImportOutcome result={result} />
      <ImportErrors work={work} result={result} />
      <ImportPreview result={result} />
      {(result.encoding !== 'utf-8' || work.choices.encoding !== '') && <ImportEncoding work={work} found={work.choices.encoding === '' ? result.encoding : ''} />}
      <ImportColumns work={work} headers={result.columns.map((column) => column.header)} fields={result.columns.map((column) => column.field)} />
      <div className={styles.foot} data-sticky>
        <Button look="primary" disabled={count === 0} onClick={work.run}>
          {count === 0 ? t('people.import.nothing') : t('people.import.do', { count })}
        </Button>
        <Button look="quiet" onClick={work.reset}>
          {t('people.import.other')}
        </Button>
      </div>
    </div>
  );
}

function Drop({ onFile }: { onFile: (file: File) => void }): ReactNode {
  const { t } = useI18n();
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file !== undefined) onFile(file);
  };
  return (
    // The button does the same by keyboard.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      className={styles.drop}
      data-over={isOver}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <FileUp size={28} aria-hidden />
      <p>{t('people.import.drop')}</p>
      <Button look="primary" onClick={() => input.current?.click()}>
        {t('people.import.choose')}
      </Button>
      <input
        ref={input}
        type="file"
        accept=".csv,.txt,.tsv,text/csv"
        hidden
        aria-label={t('people.import.choose')}
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file !== undefined) onFile(file);
        }}
      />
      <p className={styles.note}>{t('people.import.help')}</p>
    </div>
  );
}

const headersOf = (value: unknown): string[] => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []);
