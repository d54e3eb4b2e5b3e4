import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { CirclePause, CircleStop, Copy, Ellipsis, Trash2 } from 'lucide-react';
import { useState, type ReactNode } from 'react';

import { change, changed } from '../../api/client';
import { isProblem } from '../../api/problem';
import { useI18n } from '../../i18n/I18n';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Menu, MenuItem } from '../../ui/Menu';
import { useToast } from '../../ui/Toast';
import styles from './Campaigns.module.css';
import { CAMPAIGNS_KEY, campaignQuery, type Campaign, type Step } from './queries';
import { hasUnsaved } from './useCampaignDraft';

type Asked = Step | 'delete';

/** What can be done with the campaign now. Whatever touches other people's signatures is asked again, with what it touches. */
export function CampaignActions({ campaign }: { campaign: Campaign }): ReactNode {
  const { t } = useI18n();
  const client = useQueryClient();
  const navigate = useNavigate();
  const say = useToast();
  const [asked, setAsked] = useState<Asked | null>(null);
  const address = `${CAMPAIGNS_KEY}/${campaign.id}`;

  const act = useMutation({
    mutationFn: async (what: Asked) => {
      if (what === 'delete') await change('DELETE', address);
      else client.setQueryData(campaignQuery(campaign.id).queryKey, await changed<Campaign>('POST', `${address}/${what}`, { version: campaign.version }));
    },
    onSuccess: async (_, what) => {
      setAsked(null);
      say(t(`campaigns.done.${what}`, { name: campaign.name }));
      if (what === 'delete') await navigate({ to: '/campaigns' });
      await client.invalidateQueries({ queryKey: what === 'delete' ? [CAMPAIGNS_KEY, 'list'] : [CAMPAIGNS_KEY] });
    },
    onError: () => void client.invalidateQueries({ queryKey: campaignQuery(campaign.id).queryKey }),
  });
  const copy = useMutation({
    mutationFn: () => changed<Campaign>('POST', `${address}/duplicate`, { name: t('campaigns.copyOf', { name: campaign.name }).slice(0, 200) }),
    onSuccess: async (made) => {
      client.setQueryData(campaignQuery(made.id).queryKey, made);
      await navigate({ to: '/campaigns/$campaignId', params: { campaignId: made.id } });
      say(t('campaigns.done.duplicate', { name: made.name }));
    },
  });
  const ask = (what: Asked) => (): void => {
    act.reset();
    setAsked(what);
  };
  const can = (step: Step): boolean => campaign.steps.includes(step);
  const failed = act.error ?? copy.error;
  const isForNobody = campaign.people === 0 && asked === 'start';
  return (
    <>
      <Menu
        trigger={
          <Button icon={<Ellipsis size={16} aria-hidden />} aria-label={t('campaigns.more', { name: campaign.name })}>
            {t('campaigns.more.short')}
          </Button>
        }
      >
        <MenuItem icon={<Copy size={14} aria-hidden />} onSelect={() => copy.mutate()}>
          {t('campaigns.do.duplicate')}
        </MenuItem>
        {can('end') && (
          <MenuItem icon={<CircleStop size={14} aria-hidden />} onSelect={ask('end')}>
            {t('campaigns.do.end')}
          </MenuItem>
        )}
        {campaign.state === 'draft' && (
          <MenuItem icon={<Trash2 size={14} aria-hidden />} onSelect={ask('delete')}>
            {t('campaigns.do.delete')}
          </MenuItem>
        )}
      </Menu>
      {can('pause') && (
        <Button icon={<CirclePause size={16} aria-hidden />} onClick={ask('pause')}>
          {t('campaigns.do.pause')}
        </Button>
      )}
      {(['start', 'resume'] as const).filter(can).map((step) => (
        <Button key={step} look="primary" onClick={ask(step)}>
          {t(`campaigns.do.${step}`)}
        </Button>
      ))}
      <Dialog title={asked === null ? '' : t(`campaigns.ask.${asked}`, { name: campaign.name })} isOpen={asked !== null} onOpenChange={() => setAsked(null)}>
        {asked !== null && (
          <div className={styles.dialog}>
            <ul>
              <li>
                {isForNobody
                  ? t('campaigns.ask.nobody')
                  : t(`campaigns.ask.${asked}.people`, { count: campaign.people })}
              </li>
              {!isForNobody && <li>{t(`campaigns.ask.${asked}.then`)}</li>}
              {asked !== 'delete' && hasUnsaved(campaign) && <li className={styles.error}>{t('campaigns.ask.unsaved')}</li>}
            </ul>
            {failed !== null && (
              <p className={styles.error} role="alert" dir="auto">
                {(isProblem(failed) ? failed.detail : null) ?? t('error.unreachable')}
              </p>
            )}
            <div className={styles.buttons}>
              <Button look={asked === 'delete' || asked === 'end' ? 'danger' : 'primary'} disabled={act.isPending || isForNobody} onClick={() => act.mutate(asked)}>
                {t(`campaigns.do.${asked}`)}
              </Button>
              <Button look="quiet" onClick={() => setAsked(null)}>
                {t('campaigns.cancel')}
              </Button>
            </div>
          </div>
        )}
      </Dialog>
    </>
  );
}
