import type { Drift } from '../../../platform/feeds/index.ts'

/** Where a record differs from the agreed form, in words. */
export function wordsOf(drifts: readonly Drift[]): string {
  return drifts
    .map(({ field, expected, found }) =>
      expected === null ? `${field}: unexpected field` : `${field}: ${found} instead of ${expected}`,
    )
    .join('; ')
}
