import './ui/fonts.css';
import './ui/tokens.css';
import './ui/base.css';

import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { isProblem } from './api/problem';
import { queryClient } from './api/queryClient';
import { router, startFirstPage } from './router';

startFirstPage();

// A session that ended while a page was open: sign in, then come back to the same place.
queryClient.getQueryCache().subscribe((event) => {
  if (event.type !== 'updated' || event.action.type !== 'error' || !isProblem(event.action.error, 401)) return;
  const { pathname, href } = router.state.location;
  if (pathname.startsWith('/signin') || router.state.status === 'pending') return;
  void router.navigate({ to: '/signin', search: { next: href, why: 'expired' } });
});

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
