import { useMutation } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState, type SubmitEvent, type ReactNode } from 'react';

import { change } from '../../api/client';
import { isProblem } from '../../api/problem';
import { queryClient } from '../../api/queryClient';
import { useI18n } from '../../i18n/I18n';
import { usePageTitle } from '../../shell/usePageTitle';
import { Button } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { formText } from '../../ui/formText';
import { ProviderSignin } from './ProviderSignin';
import styles from './Signin.module.css';
import { LinkCommand, SigninFrame } from './SigninFrame';

const route = getRouteApi('/signin');

export default function SigninPage(): ReactNode {
  const { t } = useI18n();
  const { next, why } = route.useSearch();
  const navigate = useNavigate();
  const [missing, setMissing] = useState<{ email: boolean; password: boolean }>({ email: false, password: false });
  usePageTitle(t('signin.submit'));

  const signin = useMutation({
    mutationFn: (body: { email: string; password: string }) => change('POST', '/api/auth/password', body),
    onSuccess: () => {
      queryClient.clear();
      return navigate({ to: next ?? '/' });
    },
  });

  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const body = { email: formText(form, 'email').trim(), password: formText(form, 'password') };
    setMissing({ email: body.email === '', password: body.password === '' });
    if (body.email !== '' && body.password !== '') signin.mutate(body);
  };

  return (
    <SigninFrame>
      <h1 className={styles.title}>{t('signin.title')}</h1>
      <p className={styles.lead}>{t('signin.lead')}</p>
      {why !== undefined && <p className={styles.notice}>{t(`signin.${why}`)}</p>}
      <ProviderSignin next={next} />
      <form className={styles.form} onSubmit={submit} noValidate>
        <Field
          label={t('signin.email')}
          name="email"
          type="email"
          autoComplete="username"
          dir="ltr"
          error={missing.email ? t('signin.emailMissing') : null}
        />
        <Field
          label={t('signin.password')}
          name="password"
          type="password"
          autoComplete="current-password"
          dir="ltr"
          error={missing.password ? t('signin.passwordMissing') : null}
        />
        {signin.isError && (
          <p role="alert" className={styles.bad}>
            <SigninProblem error={signin.error} />
          </p>
        )}
        <Button type="submit" look="primary" disabled={signin.isPending}>
          {t(signin.isPending ? 'signin.busy' : 'signin.submit')}
        </Button>
      </form>
      <section className={styles.help}>
        <h2>{t('signin.link.title')}</h2>
        <p>{t('signin.link.text')}</p>
        <LinkCommand />
      </section>
    </SigninFrame>
  );
}

function SigninProblem({ error }: { error: Error }): ReactNode {
  const { t } = useI18n();
  if (isProblem(error, 0)) return t('error.unreachable');
  if (isProblem(error, 429)) return t('signin.tooMany');
  if (isProblem(error) && error.status < 500) return t('signin.wrong');
  return t('error.server');
}
