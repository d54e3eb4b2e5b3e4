/** What the audit log asks the API. */
import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';

import { read } from '../../api/client';
import type { Answer } from '../../api/types';
import type { AuditSearch } from './auditSearch';

export type AuditPageOfChanges = Answer<'/api/admin/audit'>;
export type Change = AuditPageOfChanges['data'][number];

const AUDIT = '/api/admin/audit';

export const auditQuery = (search: AuditSearch) =>
  infiniteQueryOptions({
    queryKey: [AUDIT, search] as const,
    queryFn: ({ pageParam, signal }) => read(AUDIT, { ...search, limit: 50, ...(pageParam === null ? {} : { cursor: pageParam }) }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last: AuditPageOfChanges) => last.nextCursor,
    placeholderData: keepPreviousData,
  });

export const auditExportPath = (search: AuditSearch): string => {
  const query = new URLSearchParams({ ...search }).toString();
  return `${AUDIT}/export${query === '' ? '' : `?${query}`}`;
};
