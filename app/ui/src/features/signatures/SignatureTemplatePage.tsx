import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { isProblem } from '../../api/problem';
import { meQuery } from '../../api/queries';
import { useI18n } from '../../i18n/I18n';
import { usePageTitle } from '../../shell/usePageTitle';
import { Card } from '../../ui/Card';
import { ErrorState } from '../../ui/ErrorState';
import { NoPermission } from '../../ui/NoPermission';
import { PageHeader } from '../../ui/PageHeader';
import { Skeleton } from '../../ui/Skeleton';
import { ExportButton } from './ExportButton';
import { templateQuery } from './queries';
import styles from './Signatures.module.css';
import { TemplateEditor } from './TemplateEditor';

/** The organisation's signature: its template, what it looks like for anybody, and everybody's as a file. */
export default function SignatureTemplatePage(): ReactNode {
  const { t } = useI18n();
  const template = useQuery(templateQuery);
  const me = useQuery(meQuery).data;
  usePageTitle(t('signatures.title'));
  const isForbidden = isProblem(template.error, 403);
  return (
    <>
      <PageHeader title={t('signatures.title')} state={template.isError && template.data !== undefined && <span className={styles.state}>{t('signatures.stale')}</span>}>
        {!isForbidden && <ExportButton />}
      </PageHeader>
      {isForbidden ? (
        <NoPermission text={t('signatures.forbidden', { organisation: me?.organisation.name ?? '' })} />
      ) : template.isError && template.data === undefined ? (
        <ErrorState error={template.error} onRetry={() => void template.refetch()} />
      ) : template.data === undefined || me === undefined ? (
        <div className={styles.columns}>
          <Card>
            <Skeleton blockSize="640px" />
          </Card>
          <Card>
            <Skeleton blockSize="640px" />
          </Card>
        </div>
      ) : (
        <TemplateEditor saved={template.data} organisation={me.organisation.id} />
      )}
    </>
  );
}
