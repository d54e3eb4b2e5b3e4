import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode, type SubmitEvent } from 'react';

import { change, read } from '../../api/client';
import { isProblem } from '../../api/problem';
import { queryClient } from '../../api/queryClient';
import { useI18n } from '../../i18n/I18n';
import { usePageTitle } from '../../shell/usePageTitle';
import { Button } from '../../ui/Button';
import { ErrorState } from '../../ui/ErrorState';
import { Field } from '../../ui/Field';
import { formText } from '../../ui/formText';
import { Skeleton } from '../../ui/Skeleton';
import { ProviderSignin } from './ProviderSignin';
import styles from './Signin.module.css';
import { SigninFrame } from './SigninFrame';

const route = getRouteApi('/invitation/$token');
/** Shortest password the API accepts. */
const SHORTEST = 12;

/** Where an invitation leads: says whose it is, sets a password, signs in. Loading the page uses nothing up. */
export default function InvitationPage(): ReactNode {
  const { t } = useI18n();
  const { token } = route.useParams();
  const invitation = useQuery({
    queryKey: ['/api/auth/invitation', token] as const,
    queryFn: ({ signal }) => read('/api/auth/invitation/{token}', { token }, signal),
    retry: false,
    staleTime: Infinity,
  });
  const organisation = invitation.data?.organisation ?? '';
  usePageTitle(invitation.data === undefined ? t('signin.submit') : t('invitation.title', { organisation }));
  if (isProblem(invitation.error) && invitation.error.status >= 400 && invitation.error.status < 500) return <Over />;
  if (invitation.isError) {
    return (
      <SigninFrame>
        <ErrorState error={invitation.error} onRetry={() => void invitation.refetch()} level={1} />
      </SigninFrame>
    );
  }
  if (invitation.data === undefined) {
    return (
      <SigninFrame>
        <h1 className={styles.title}>{t('invitation.busy')}</h1>
        <p className={styles.lead}>
          <Skeleton inlineSize="14em" />
        </p>
      </SigninFrame>
    );
  }
  return (
    <SigninFrame>
      <h1 className={styles.title}>{t('invitation.title', { organisation })}</h1>
      <p className={styles.lead}>{t('invitation.lead', { name: invitation.data.name })} {t('invitation.ends')}</p>
      <ProviderSignin next={undefined} />
      <PasswordForm token={token} />
    </SigninFrame>
  );
}

function PasswordForm({ token }: { token: string }): ReactNode {
  const { t } = useI18n();
  const navigate = useNavigate();
  const [tooShort, setTooShort] = useState<number | null>(null);
  const accept = useMutation({
    mutationFn: (password: string) => change('POST', '/api/auth/invitation', { token, password }),
    onSuccess: () => {
      queryClient.clear();
      return navigate({ to: '/', replace: true });
    },
  });
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const password = formText(new FormData(event.currentTarget), 'password');
    const length = Array.from(password).length; // characters as the API counts them, not UTF-16 units
    setTooShort(length < SHORTEST ? length : null);
    if (length >= SHORTEST) accept.mutate(password);
  };
  const refusal = isProblem(accept.error, 0) ? t('error.unreachable') : isProblem(accept.error) ? accept.error.detail : null;
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <Field
        label={t('invitation.password')}
        name="password"
        type="password"
        autoComplete="new-password"
        dir="ltr"
        help={t('account.password.rule')}
        error={tooShort !== null ? t('account.password.short', { count: tooShort }) : null}
      />
      {accept.isError && (
        <p role="alert" className={styles.bad} dir="auto">
          {isProblem(accept.error, 404) ? t('invitation.over.text') : (refusal ?? t('error.server'))}
        </p>
      )}
      <Button type="submit" look="primary" disabled={accept.isPending}>
        {t(accept.isPending ? 'signin.busy' : 'invitation.accept')}
      </Button>
    </form>
  );
}

function Over(): ReactNode {
  const { t } = useI18n();
  return (
    <SigninFrame>
      <h1 className={styles.title}>{t('invitation.over.title')}</h1>
      <div className={styles.next}>
        <p>{t('invitation.over.text')}</p>
        <p>
          <Link to="/signin">{t('invitation.over.signin')}</Link>
        </p>
      </div>
    </SigninFrame>
  );
}
