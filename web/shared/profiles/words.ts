import type { ProfileVersion } from '../../../schemas/grid/profiles.ts'
import type { Wording } from '../format/words.ts'

export const versionStateWords: Record<ProfileVersion['state'], Wording> = {
  applied: { word: 'Applied, awaiting decision', tone: 'normal', shape: 'diamond' },
  approved: { word: 'Approved', tone: 'normal', shape: 'tick' },
  rejected: { word: 'Rejected', tone: 'quiet', shape: 'cross' },
  superseded: { word: 'Superseded', tone: 'quiet', shape: 'bar' },
  expired: { word: 'Expired', tone: 'quiet', shape: 'dot' },
}

/** Highest limit that a version asks for at any time, W. */
export function highestLimitW({ limits }: Pick<ProfileVersion, 'limits'>): number {
  const steps = [
    ...limits.weekday,
    ...limits.weekend,
    ...(limits.seasons ?? []).flatMap((season) => [...season.weekday, ...season.weekend]),
    ...(limits.exceptions ?? []).flatMap((exception) => exception.steps),
  ]
  return Math.max(...steps.map((step) => step.limitW))
}
