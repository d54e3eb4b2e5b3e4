/** What the pages of signatures ask the API. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';

import { changed, read } from '../../api/client';
import type { Answer } from '../../api/types';
import type { components } from '../../api/schema';

export type Template = Answer<'/api/admin/signatures/template'>;
export type Preview = components['schemas']['Preview'];
export type Removed = components['schemas']['RemovedView'];
export type Warning = components['schemas']['TemplateWarning'];

/** A mistake in a template, as the API names it. */
export interface Mistake {
  code: string;
  /** What fills the gaps of its sentence. */
  values: Record<string, string>;
  /** The same as an English sentence. */
  message: string;
  line: number;
  column: number;
  nearest: string | null;
}

export const TEMPLATE = '/api/admin/signatures/template' as const;
export const EXPORT = '/api/admin/signatures/export';

export const templateQuery = queryOptions({
  queryKey: [TEMPLATE] as const,
  queryFn: ({ signal }) => read(TEMPLATE, {}, signal),
});

/** A template that is being edited with a person's data; the last one stays while the next is made. */
export const previewQuery = (html: string, defaults: Record<string, string>, userId: string | null) =>
  queryOptions({
    queryKey: ['/api/admin/signatures/preview', html, defaults, userId] as const,
    queryFn: () => changed<Preview>('POST', '/api/admin/signatures/preview', { html, defaults, ...(userId === null ? {} : { userId }) }),
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  });

export const someoneQuery = (q: string) =>
  queryOptions({
    queryKey: ['/api/admin/people', 'pick', q] as const,
    queryFn: ({ signal }) => read('/api/admin/people', { q, limit: 20 }, signal),
    placeholderData: keepPreviousData,
  });
