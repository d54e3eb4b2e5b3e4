import { unsavedNames, useVersionedDraft, type VersionedDraft } from '../../drafts/useVersionedDraft';
import type { Campaign } from './queries';

/** What people decide about a campaign, without what the server adds. */
export type Wish = Pick<Campaign, 'name' | 'description' | 'startsAt' | 'endsAt' | 'audience' | 'bannerHtml'>;
const NAMES = ['name', 'description', 'startsAt', 'endsAt', 'audience', 'bannerHtml'] as const satisfies readonly (keyof Wish)[];

export type CampaignDraft = VersionedDraft<Wish>;

const keyOf = (id: string): string => `heliograph.draft.campaign.${id}`;

/** Whether something typed on this device is not saved yet: steps work on what is saved. */
export function hasUnsaved(campaign: Campaign): boolean {
  return unsavedNames<Wish>('device', keyOf(campaign.id), campaign, NAMES).length > 0;
}

/** A campaign being edited, kept on this device over a reload and a closed tab until it is saved or discarded. */
export function useCampaignDraft(saved: Campaign): CampaignDraft {
  return useVersionedDraft<Wish>('device', keyOf(saved.id), saved, NAMES);
}
