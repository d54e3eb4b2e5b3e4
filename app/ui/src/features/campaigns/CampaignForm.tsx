import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode, SubmitEvent } from 'react';

import { changed as changedAt } from '../../api/client';
import { isProblem } from '../../api/problem';
import { useI18n } from '../../i18n/I18n';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { Field } from '../../ui/Field';
import { refusalText } from '../signatures/mistakeTexts';
import { AudiencePicker } from './AudiencePicker';
import { BannerField } from './BannerField';
import styles from './Campaigns.module.css';
import { Conflict } from './Conflict';
import { toLocal, toMoment } from './moments';
import { CAMPAIGNS_KEY, campaignQuery, type Campaign } from './queries';
import { TextArea } from './TextArea';
import { useCampaignDraft, type Wish } from './useCampaignDraft';

/** Everything that can still be decided about a campaign. What is typed stays on this device until it is saved. */
export function CampaignForm({ campaign }: { campaign: Campaign }): ReactNode {
  const { t, format } = useI18n();
  const client = useQueryClient();
  const draft = useCampaignDraft(campaign);
  const key = campaignQuery(campaign.id).queryKey;
  const save = useMutation({
    mutationFn: (body: Wish & { version: number }) => changedAt<Campaign>('PUT', `${CAMPAIGNS_KEY}/${campaign.id}`, body),
    onSuccess: (saved) => {
      client.setQueryData(key, saved);
      draft.discard();
      void client.invalidateQueries({ queryKey: [CAMPAIGNS_KEY] });
    },
    onError: (error) => {
      if (isProblem(error, 409)) void client.invalidateQueries({ queryKey: key });
    },
  });
  const { values } = draft;
  const isDraft = campaign.state === 'draft';
  const isEnded = campaign.state === 'ended';
  const conflict = isProblem(save.error, 409) ? save.error : null;
  const isChanged = draft.changed.length > 0;
  const set = (next: Partial<Wish>): void => {
    if (conflict === null) save.reset();
    draft.set(next);
  };
  /** The API names the field; its sentence stands beside it. */
  const errorOf = (field: string): string | null => {
    const problem = isProblem(save.error, 422) ? save.error : null;
    const named = problem?.fields.field;
    return typeof named === 'string' && (named === field || named.startsWith(`${field}.`)) ? refusalText(problem, t) : null;
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (isChanged) save.mutate(draft.body);
  };
  const state = save.isPending ? 'saving' : save.isError ? 'failed' : isChanged ? 'unsaved' : save.isSuccess ? 'saved' : null;
  const zone = format.zone(format.timeZone);
  return (
    <Card title={t(isDraft ? 'campaigns.form.draft' : 'campaigns.form.details')}>
      <form className={styles.form} onSubmit={submit} noValidate>
        <Field label={t('campaigns.name')} value={values.name} maxLength={200} dir="auto" onChange={(event) => set({ name: event.target.value })} error={errorOf('name')} />
        <TextArea
          label={t('campaigns.description')}
          help={t('campaigns.description.help')}
          value={values.description}
          maxLength={2000}
          onChange={(description) => set({ description })}
          error={errorOf('description')}
        />
        <div className={styles.pair}>
          <Field
            type="datetime-local"
            label={t('campaigns.startsAt')}
            {...(isDraft ? { mark: t('campaigns.optional'), help: t('campaigns.startsAt.help', { zone }) } : {})}
            disabled={!isDraft}
            value={toLocal(isDraft ? values.startsAt : campaign.startedAt, format.timeZone)}
            onChange={(event) => set({ startsAt: toMoment(event.target.value, format.timeZone) })}
            error={errorOf('startsAt')}
          />
          <Field
            type="datetime-local"
            label={t('campaigns.endsAt')}
            {...(isEnded ? {} : { mark: t('campaigns.optional'), help: t('campaigns.endsAt.help', { zone }) })}
            disabled={isEnded}
            value={toLocal(isEnded ? campaign.endedAt : values.endsAt, format.timeZone)}
            onChange={(event) => set({ endsAt: toMoment(event.target.value, format.timeZone) })}
            error={errorOf('endsAt')}
          />
        </div>
        <AudiencePicker campaign={campaign} audience={values.audience} isFixed={!isDraft} onChange={(audience) => set({ audience })} error={errorOf('audience')} />
        <BannerField html={values.bannerHtml} isFixed={isEnded} onChange={(bannerHtml) => set({ bannerHtml })} error={errorOf('bannerHtml')} />
        {conflict !== null && (
          <Conflict
            problem={conflict}
            onKeepMine={() => {
              draft.rebase();
              save.mutate({ ...draft.body, version: campaign.version });
            }}
            onDiscard={() => {
              save.reset();
              draft.discard();
            }}
          />
        )}
        <div className={styles.foot}>
          <Button type="submit" look={isDraft ? 'secondary' : 'primary'} disabled={!isChanged || save.isPending || conflict !== null}>
            {t('account.save')}
          </Button>
          {isChanged && !save.isPending && conflict === null && (
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
          <p role="status" className={styles.status} data-kind={state}>
            {state !== null && conflict === null && t(state === 'unsaved' ? 'campaigns.kept' : `account.${state}`)}
            {save.isError && conflict === null && isProblem(save.error) && typeof save.error.fields.field !== 'string' && <span dir="auto"> {save.error.detail}</span>}
          </p>
        </div>
      </form>
    </Card>
  );
}
