import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode, type SubmitEvent } from 'react';

import { changed } from '../../api/client';
import { isProblem } from '../../api/problem';
import { useI18n } from '../../i18n/I18n';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import styles from './Campaigns.module.css';
import { CAMPAIGNS_KEY, type Campaign } from './queries';

/** Asks for a name and makes a draft: nothing happens to any signature before it is started. */
export function NewCampaign(): ReactNode {
  const { t } = useI18n();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [isOpen, setOpen] = useState(false);
  const [name, setName] = useState('');
  const make = useMutation({
    mutationFn: (body: { name: string }) => changed<Campaign>('POST', CAMPAIGNS_KEY, body),
    onSuccess: async (made) => {
      client.setQueryData([CAMPAIGNS_KEY, made.id], made);
      void client.invalidateQueries({ queryKey: [CAMPAIGNS_KEY, 'list'] });
      await navigate({ to: '/campaigns/$campaignId', params: { campaignId: made.id } });
    },
  });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (name.trim() !== '') make.mutate({ name });
  };
  return (
    <>
      <Button look="primary" onClick={() => setOpen(true)}>
        {t('campaigns.new')}
      </Button>
      <Dialog title={t('campaigns.new')} isOpen={isOpen} onOpenChange={setOpen}>
        <form className={styles.dialog} onSubmit={submit} noValidate>
          <Field
            data-first-focus
            label={t('campaigns.name')}
            help={t('campaigns.new.help')}
            value={name}
            maxLength={200}
            onChange={(event) => setName(event.target.value)}
            error={isProblem(make.error) ? (make.error.detail ?? t('error.unreachable')) : null}
          />
          <div className={styles.buttons}>
            <Button type="submit" look="primary" disabled={name.trim() === '' || make.isPending}>
              {t('campaigns.new.make')}
            </Button>
            <Button look="quiet" onClick={() => setOpen(false)}>
              {t('campaigns.cancel')}
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
