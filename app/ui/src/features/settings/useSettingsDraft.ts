import type { TrackingSettings } from '../../api/types';
import { useVersionedDraft, type VersionedDraft } from '../../drafts/useVersionedDraft';

/** The settings, without what the server adds. */
export type Six = Omit<TrackingSettings, 'version' | 'lastChange'>;
export const NAMES = [
  'userTrackingEnabled',
  'campaignTrackingEnabled',
  'showUserDashboard',
  'excludeBots',
  'recordCountry',
  'retentionDays',
  'departmentMinPeople',
] as const satisfies readonly (keyof Six)[];

export type SettingsDraft = VersionedDraft<Six>;

/** Settings being edited, kept over a reload of this tab. */
export function useSettingsDraft(saved: TrackingSettings, organisation: string): SettingsDraft {
  return useVersionedDraft<Six>('tab', `heliograph.draft.tracking.${organisation}`, saved, NAMES);
}
