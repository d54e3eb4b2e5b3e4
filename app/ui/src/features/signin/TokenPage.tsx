import { Link, getRouteApi, useNavigate } from '@tanstack/react-router';
import { useEffect, useState, type ReactNode } from 'react';

import { change } from '../../api/client';
import { isProblem } from '../../api/problem';
import { queryClient } from '../../api/queryClient';
import { useI18n } from '../../i18n/I18n';
import { usePageTitle } from '../../shell/usePageTitle';
import { ErrorState } from '../../ui/ErrorState';
import { Skeleton } from '../../ui/Skeleton';
import styles from './Signin.module.css';
import { LinkCommand, SigninFrame } from './SigninFrame';

const route = getRouteApi('/signin/$token');

/** Tokens handed in during this visit: React may mount a page twice, and a token works once. */
const handedIn = new Map<string, Promise<void>>();

function handIn(token: string): Promise<void> {
  const before = handedIn.get(token);
  if (before !== undefined) return before;
  const answer = change('POST', '/api/auth/signin-link', { token });
  handedIn.set(token, answer);
  return answer;
}

/** Where a sign-in link leads: hands the token in once, then goes on. Loading the page alone uses nothing up. */
export default function TokenPage(): ReactNode {
  const { t } = useI18n();
  const { token } = route.useParams();
  const navigate = useNavigate();
  const [error, setError] = useState<unknown>(null);
  usePageTitle(t('signin.submit'));

  useEffect(() => {
    let isCurrent = true;
    handIn(token).then(
      () => {
        if (!isCurrent) return;
        queryClient.clear();
        void navigate({ to: '/', replace: true });
      },
      (reason: unknown) => isCurrent && setError(reason),
    );
    return () => {
      isCurrent = false;
    };
  }, [token, navigate]);

  if (error === null) {
    return (
      <SigninFrame>
        <h1 className={styles.title}>{t('token.busy')}</h1>
        <p className={styles.lead}>
          <Skeleton inlineSize="14em" />
        </p>
      </SigninFrame>
    );
  }
  if (!isProblem(error) || error.status === 0 || error.status >= 500) {
    const retry = (): void => {
      handedIn.delete(token);
      window.location.reload();
    };
    return (
      <SigninFrame>
        <ErrorState error={error} onRetry={retry} level={1} />
      </SigninFrame>
    );
  }
  return (
    <SigninFrame>
      <h1 className={styles.title}>{t('token.used.title')}</h1>
      <div className={styles.next}>
        <p>{t('token.used.text')}</p>
        <p>{t('token.used.next')}</p>
        <LinkCommand />
        <p>
          <Link to="/signin">{t('token.used.password')}</Link>
        </p>
      </div>
    </SigninFrame>
  );
}
