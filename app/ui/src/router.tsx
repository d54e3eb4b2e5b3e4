/** Addresses of the product. Pages are loaded when they are first gone to; data start loading before the page does. */
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import type { QueryClient } from '@tanstack/react-query';

import { isProblem } from './api/problem';
import {
  dailyQuery,
  meQuery,
  myOpensQuery,
  mySignatureQuery,
  myStatsQuery,
  personDailyQuery,
  personQuery,
  teamQuery,
  trackingSettingsQuery,
} from './api/queries';
import { queryClient } from './api/queryClient';
import type { Me } from './api/types';
import { checkedAudit } from './features/audit/auditSearch';
import { auditQuery } from './features/audit/queries';
import { checkedCampaigns } from './features/campaigns/campaignsSearch';
import { campaignQuery, campaignsQuery, campaignStatsQuery } from './features/campaigns/queries';
import { checkedPeriod } from './features/engagement/periods';
import { myKeysQuery } from './features/keys/queries';
import { checkedSearch } from './features/people/peopleSearch';
import { peopleQuery } from './features/people/queries';
import { templateQuery } from './features/signatures/queries';
import { successQuery } from './features/success/queries';
import { checkedTeamPeriod, periodOf } from './features/team/teamPeriod';
import { BareCrashPage, CrashPage } from './shell/CrashPage';
import { NotFoundPage } from './shell/NotFoundPage';
import { PagePending } from './shell/PagePending';
import { Root } from './shell/Root';
import Shell from './shell/Shell';

interface Context {
  queryClient: QueryClient;
}

const rootRoute = createRootRouteWithContext<Context>()({
  component: Root,
  notFoundComponent: NotFoundPage,
  errorComponent: BareCrashPage,
});

const SIGNIN_REASONS = [
  'signedOut',
  'expired',
  'oidcDenied',
  'oidcExpired',
  'oidcRefused',
  'oidcUnavailable',
  'oidcUnverified',
  'oidcUnknown',
  'oidcSeveral',
  'oidcOther',
] as const;

const signinRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/signin',
  validateSearch: (search: Record<string, unknown>): { next?: string; why?: (typeof SIGNIN_REASONS)[number] } => {
    const next = search.next;
    const why = SIGNIN_REASONS.find((reason) => reason === search.why);
    return {
      // Only a path of ours: a link must not lead elsewhere after the sign-in.
      ...(typeof next === 'string' && /^\/(?![/\\])/.test(next) ? { next } : {}),
      ...(why === undefined ? {} : { why }),
    };
  },
  component: lazyRouteComponent(() => import('./features/signin/SigninPage')),
});

const tokenRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/signin/$token',
  component: lazyRouteComponent(() => import('./features/signin/TokenPage')),
});

const invitationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/invitation/$token',
  component: lazyRouteComponent(() => import('./features/signin/InvitationPage')),
});

/** Starts what the page will ask for itself; a failure is the page's to show, when it asks again. */
function ahead(work: Promise<unknown>): void {
  work.catch(() => undefined);
}

/** The signed-in person, or the way to the sign-in and back here. */
async function requireMe(client: QueryClient, here: string): Promise<Me> {
  try {
    return await client.query({ ...meQuery, staleTime: 'static' });
  } catch (error) {
    if (!isProblem(error, 401)) throw error;
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- how the router is told to go elsewhere
    throw redirect({ to: '/signin', search: here === '/' ? {} : { next: here } });
  }
}

const previewRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/signature-preview',
  beforeLoad: ({ context, location }) => requireMe(context.queryClient, location.href),
  errorComponent: BareCrashPage,
  component: lazyRouteComponent(() => import('./features/welcome/SignaturePreviewPage')),
});

const appRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'app',
  beforeLoad: async ({ context, location }) => {
    ahead(context.queryClient.query(myStatsQuery)); // needed by most pages, and asked for beside `me`
    await requireMe(context.queryClient, location.href);
  },
  errorComponent: BareCrashPage,
  component: Shell, // of every page, so it comes with the first script and not after it
});

const homeRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/',
  beforeLoad: async ({ context }) => {
    const stats = await context.queryClient.query({ ...myStatsQuery, staleTime: 'static' }).catch(() => null);
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- how the router is told to go elsewhere
    throw redirect({ to: stats?.lastOpenAt === null ? '/welcome' : '/engagement', replace: true });
  },
});

const welcomeRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/welcome',
  loader: ({ context }) => {
    ahead(context.queryClient.query(mySignatureQuery));
    ahead(context.queryClient.query(myOpensQuery));
  },
  component: lazyRouteComponent(() => import('./features/welcome/WelcomePage')),
});

const signatureRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/signature',
  loader: ({ context }) => {
    ahead(context.queryClient.query(mySignatureQuery));
  },
  component: lazyRouteComponent(() => import('./features/signatures/MySignaturePage')),
});

const signaturesRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/signatures',
  loader: ({ context }) => {
    ahead(context.queryClient.query(templateQuery));
  },
  component: lazyRouteComponent(() => import('./features/signatures/SignatureTemplatePage')),
});

const engagementRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/engagement',
  validateSearch: checkedPeriod,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => {
    ahead(context.queryClient.query(dailyQuery(deps.days)));
    ahead(import('./charts/DailyBars')); // beside the page, not after it
  },
  component: lazyRouteComponent(() => import('./features/engagement/EngagementPage')),
});

const teamRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/team',
  validateSearch: checkedTeamPeriod,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => {
    ahead(context.queryClient.query(teamQuery(periodOf(deps))));
  },
  component: lazyRouteComponent(() => import('./features/team/TeamPage')),
});

const personRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/team/$userId',
  validateSearch: checkedPeriod,
  loaderDeps: ({ search }) => search,
  loader: ({ context, params, deps }) => {
    ahead(context.queryClient.query(personQuery(params.userId)));
    ahead(context.queryClient.query(personDailyQuery(params.userId, deps.days)));
    ahead(import('./charts/DailyBars'));
  },
  component: lazyRouteComponent(() => import('./features/team/PersonPage')),
});

const peopleRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/people',
  validateSearch: checkedSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => {
    ahead(context.queryClient.infiniteQuery(peopleQuery(deps)));
  },
  component: lazyRouteComponent(() => import('./features/people/PeoplePage')),
});

const auditRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/settings/audit',
  validateSearch: checkedAudit,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => {
    ahead(context.queryClient.infiniteQuery(auditQuery(deps)));
  },
  component: lazyRouteComponent(() => import('./features/audit/AuditPage')),
});

const campaignsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/campaigns',
  validateSearch: checkedCampaigns,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => {
    ahead(context.queryClient.infiniteQuery(campaignsQuery(deps.state, deps.q ?? '')));
  },
  component: lazyRouteComponent(() => import('./features/campaigns/CampaignsPage')),
});

const campaignRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/campaigns/$campaignId',
  loader: ({ context, params }) => {
    ahead(context.queryClient.query(campaignQuery(params.campaignId)));
    ahead(context.queryClient.query(campaignStatsQuery(params.campaignId)));
    ahead(import('./features/campaigns/CampaignChart'));
  },
  component: lazyRouteComponent(() => import('./features/campaigns/CampaignPage')),
});

const trackingRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/settings/tracking',
  loader: ({ context }) => {
    ahead(context.queryClient.query(trackingSettingsQuery));
  },
  component: lazyRouteComponent(() => import('./features/settings/TrackingSettingsPage')),
});

const keysRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/settings/keys',
  loader: ({ context }) => {
    ahead(context.queryClient.query(myKeysQuery));
  },
  component: lazyRouteComponent(() => import('./features/keys/KeysPage')),
});

const accountRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/account',
  component: lazyRouteComponent(() => import('./features/account/AccountPage')),
});

const aboutRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/about',
  component: lazyRouteComponent(() => import('./features/about/AboutPage')),
});

const successRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/settings/metrics',
  loader: ({ context }) => {
    ahead(context.queryClient.query(successQuery));
  },
  component: lazyRouteComponent(() => import('./features/success/SuccessPage')),
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    signinRoute,
    tokenRoute,
    invitationRoute,
    previewRoute,
    appRoute.addChildren([homeRoute, welcomeRoute, signatureRoute, signaturesRoute, engagementRoute, teamRoute, personRoute, campaignsRoute, campaignRoute, trackingRoute, peopleRoute, auditRoute, successRoute, keysRoute, accountRoute, aboutRoute]),
  ]),
  context: { queryClient },
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  defaultPendingComponent: PagePending,
  defaultPendingMs: 150,
  defaultPendingMinMs: 0, // what is there is shown: the default keeps the skeleton for half a second more
  defaultErrorComponent: CrashPage,
  defaultNotFoundComponent: NotFoundPage,
  scrollRestoration: true,
});

interface Startable {
  component?: { preload?: () => Promise<unknown> };
  loader?: (given: { context: Context; params: unknown; deps: unknown }) => void;
}

/** Starts the first page's code and data beside the question who is signed in, instead of after its answer. */
export function startFirstPage(): void {
  const { pathname, search } = router.latestLocation;
  for (const { routeId, params, loaderDeps } of router.matchRoutes(pathname, search)) {
    const { component, loader } = router.routesById[routeId].options as unknown as Startable;
    if (component?.preload !== undefined) ahead(component.preload());
    loader?.({ context: { queryClient }, params, deps: loaderDeps });
  }
}

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
