import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type ReactNode } from 'react';

import { change, changed } from '../../api/client';
import { isProblem } from '../../api/problem';
import { useI18n } from '../../i18n/I18n';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { ErrorState } from '../../ui/ErrorState';
import { Skeleton } from '../../ui/Skeleton';
import { CodeArea, goTo, insertAtCursor } from './CodeArea';
import { DefaultsForm } from './DefaultsForm';
import { Findings } from './Findings';
import { MailFrames } from './MailFrames';
import { refusalText } from './mistakeTexts';
import { Palette } from './Palette';
import { PersonPicker } from './PersonPicker';
import { previewQuery, TEMPLATE, templateQuery, type Mistake, type Template } from './queries';
import { ResetDialog } from './ResetDialog';
import styles from './Signatures.module.css';
import { TemplateConflict } from './TemplateConflict';
import { useSettled } from './useSettled';
import { useTemplateDraft, withoutEmpty, type Wish } from './useTemplateDraft';

const NONE: readonly Mistake[] = [];

export function TemplateEditor({ saved, organisation }: { saved: Template; organisation: string }): ReactNode {
  const { t, format } = useI18n();
  const client = useQueryClient();
  const area = useRef<HTMLTextAreaElement>(null);
  const draft = useTemplateDraft(saved, organisation);
  const [person, setPerson] = useState<string | null>(null);
  const html = useSettled(draft.values.html);
  const defaults = useSettled(draft.values.defaults);
  const preview = useQuery(previewQuery(html, withoutEmpty(defaults), person));
  // The last good one stays beside a mistake.
  const [shown, setShown] = useState(preview.data);
  if (preview.data !== undefined && preview.data !== shown) setShown(preview.data);
  const show = async (template: Template): Promise<void> => {
    client.setQueryData(templateQuery.queryKey, template);
    draft.discard();
    await client.invalidateQueries({ queryKey: ['/api/tracking/my-signature'] });
  };
  const save = useMutation({ mutationFn: (body: Wish & { version: number }) => changed<Template>('PUT', TEMPLATE, body), onSuccess: show });
  const reset = useMutation({
    mutationFn: () => change('DELETE', `${TEMPLATE}?version=${String(saved.version)}`),
    onSuccess: async () => {
      draft.discard();
      save.reset();
      await client.invalidateQueries({ queryKey: templateQuery.queryKey });
      await client.invalidateQueries({ queryKey: ['/api/tracking/my-signature'] });
    },
    onError: (error) => {
      if (isProblem(error, 409)) void client.invalidateQueries({ queryKey: templateQuery.queryKey });
    },
  });
  const theirs = isProblem(save.error, 409) ? (save.error.fields.current as Template) : null;
  const mistakes = isProblem(preview.error, 422) && Array.isArray(preview.error.fields.errors) ? (preview.error.fields.errors as Mistake[]) : NONE;
  const isRefused = isProblem(preview.error, 422);
  const set = (next: Partial<Wish>): void => {
    if (theirs === null) save.reset();
    draft.set(next);
  };
  const mend = (mistake: Mistake): void => {
    if (area.current === null || mistake.nearest === null) return;
    goTo(area.current, mistake.line, mistake.column);
    const from = area.current.selectionStart;
    const wrong = /^\{\{[^{}<>]*\}\}/.exec(draft.values.html.slice(from))?.[0] ?? '';
    area.current.setSelectionRange(from, from + wrong.length);
    insertAtCursor(area.current, wrong.replace(/([#^/\s]*)[\w .-]+/, `$1${mistake.nearest}`));
  };
  const failed = [save.error, reset.error].find((error) => error !== null && !isProblem(error, 409));
  const state = save.isPending ? 'saving' : failed !== undefined ? 'failed' : draft.isChanged ? 'unsaved' : save.isSuccess ? 'saved' : null;
  return (
    <div className={styles.columns}>
      <Card
        title={t('signatures.template')}
        action={<span className={styles.badge}>{saved.isBuiltIn ? t('signatures.builtIn') : t('signatures.own', { version: format.number(saved.version) })}</span>}
      >
        <div className={styles.editor}>
          <Palette names={saved.placeholders} onInsert={(text) => area.current !== null && insertAtCursor(area.current, text)} />
          <CodeArea
            label={t('signatures.html')}
            help={t('signatures.html.help')}
            value={draft.values.html}
            marked={new Set(mistakes.map((mistake) => mistake.line))}
            isInvalid={isRefused}
            area={area}
            onChange={(value) => set({ html: value })}
          />
          <Findings
            mistakes={mistakes}
            removed={isRefused ? [] : (preview.data?.removed ?? [])}
            warnings={isRefused ? [] : (preview.data?.warnings ?? [])}
            onGo={(line, column) => area.current !== null && goTo(area.current, line, column)}
            onMend={mend}
          />
          {isRefused && mistakes.length === 0 && isProblem(preview.error) && (
            <p className={styles.warning} dir="auto" role="alert">
              {refusalText(preview.error, t)}
            </p>
          )}
          <details className={styles.more} open={Object.keys(draft.values.defaults).length > 0}>
            <summary>{t('signatures.defaults')}</summary>
            <DefaultsForm values={draft.values.defaults} onChange={(values) => set({ defaults: values })} />
          </details>
          {theirs !== null && (
            <TemplateConflict
              theirs={theirs}
              onKeepMine={() => {
                draft.rebase(theirs.version);
                save.mutate({ ...draft.body, version: theirs.version });
              }}
              onTakeTheirs={() => {
                save.reset();
                draft.discard();
                void client.invalidateQueries({ queryKey: templateQuery.queryKey });
              }}
            />
          )}
          <div className={styles.foot}>
            <Button look="primary" disabled={!draft.isChanged || isRefused || save.isPending || theirs !== null} onClick={() => save.mutate(draft.body)}>
              {t('account.save')}
            </Button>
            {draft.isChanged && !save.isPending && theirs === null && (
              <Button
                look="quiet"
                onClick={() => {
                  save.reset();
                  draft.discard();
                }}
              >
                {t('account.discard')}
              </Button>
            )}
            {!saved.isBuiltIn && <ResetDialog isPending={reset.isPending} onReset={() => reset.mutate()} />}
            <p role="status" className={styles.state} data-kind={state}>
              {state !== null && theirs === null && t(`account.${state}`)}
              {isProblem(reset.error, 409) && t('signatures.reset.conflict')}
              {failed !== undefined && isProblem(failed) && <span dir="auto"> {refusalText(failed, t)}</span>}
            </p>
          </div>
          {saved.updatedAt !== null && (
            <p className={styles.help}>{t('signatures.lastChange', { who: saved.updatedBy ?? t('settings.somebody'), time: format.moment(saved.updatedAt) })}</p>
          )}
        </div>
      </Card>
      <Card title={t('signatures.preview')}>
        <div className={styles.editor}>
          <PersonPicker onPick={setPerson} />
          {shown !== undefined ? (
            <div data-stale={isRefused || preview.isPlaceholderData} className={styles.previewed}>
              {isRefused && <p className={styles.help}>{t('signatures.preview.old')}</p>}
              <MailFrames html={shown.html} />
              <p className={styles.help}>{t('welcome.preview.note')}</p>
            </div>
          ) : isRefused ? (
            <p className={styles.help}>{t('signatures.preview.none')}</p>
          ) : preview.isError ? (
            <ErrorState error={preview.error} onRetry={() => void preview.refetch()} />
          ) : (
            <Skeleton blockSize="560px" />
          )}
        </div>
      </Card>
    </div>
  );
}
