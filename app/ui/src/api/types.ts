/** Names for the shapes of the API that pages use; the shapes themselves are generated (`npm run types`). */
import type { paths } from './schema';

type Json<Response> = Response extends { content: { 'application/json': infer Body } } ? Body : never;

/** Paths that can be read, and what reading them gives. */
export type ReadablePath = {
  [Path in keyof paths]: paths[Path] extends { get: { responses: { 200: { content: object } } } } ? Path : never;
}[keyof paths];

export type Answer<Path extends ReadablePath> = paths[Path] extends { get: { responses: { 200: infer Response } } }
  ? Json<Response>
  : never;

export type Me = Answer<'/api/me'>;
export type MyStats = Answer<'/api/tracking/my-stats'>;
export type Daily = Answer<'/api/tracking/my-stats/daily'>;
export type Day = Daily['data'][number];
export type MyOpens = Answer<'/api/tracking/my-opens'>;
export type Open = MyOpens['data'][number];
export type MySignature = Answer<'/api/tracking/my-signature'>;
export type OrganisationStats = Answer<'/api/admin/tracking/organization-stats'>;
export type PersonStats = Answer<'/api/admin/tracking/user/{userId}/stats'>;
export type TrackingSettings = Answer<'/api/admin/tracking/settings'>;
export type Explanation = Answer<'/api/tracking/explain'>;
