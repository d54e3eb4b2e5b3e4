import { STATES, type State } from './queries';

export interface CampaignsSearch {
  state?: State;
  q?: string;
}

/** What the address of the list may say; anything else is left out. */
export function checkedCampaigns(search: Record<string, unknown>): CampaignsSearch {
  const state = STATES.find((name) => name === search.state);
  const q = typeof search.q === 'string' || typeof search.q === 'number' ? String(search.q).slice(0, 200) : '';
  return { ...(state === undefined ? {} : { state }), ...(q === '' ? {} : { q }) };
}
