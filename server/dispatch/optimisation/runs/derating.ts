import type { Instant } from '@js-joda/core'
import type { UnitPeriod } from '../../../../schemas/dispatch/optimisation.ts'
import type { ModelUnit, Reliability } from './model.ts'

/**
 * What an FU offers the optimiser where the DNO derates by reliability (report section 2.4.3, decision 46), in whole W: the share that it
 * has delivered of what it was instructed, but no less than its least. One that has delivered nothing offers nothing.
 * @param statedW what its contract and its FSP state.
 * @param reliability delivered ÷ instructed energy of its settled quarter-hours, from 0 to 1.
 * @param leastW the least that it is moved while it is moved at all.
 */
export function reliableW(statedW: number, reliability: number, leastW: number): number {
  if (reliability <= 0) return 0
  // A product such as 0.29 × 100 is just under its integer.
  const shareW = Math.floor(statedW * reliability + 1e-6)
  return Math.min(statedW, Math.max(shareW, leastW))
}

/** The offers of an FU, derated; as they are stated if it has no reliability that counts. */
export function offersOf(
  statedW: (at: Instant) => number,
  reliability: Reliability | undefined,
  leastW: number,
): Pick<ModelUnit, 'availableW' | 'derating'> {
  if (!reliability || reliability.ratio >= 1) return { availableW: statedW }
  const offeredW = (at: Instant) => reliableW(statedW(at), reliability.ratio, leastW)
  return { availableW: offeredW, derating: { ...reliability, statedW, offeredW } }
}

/** How the explanation of a quarter-hour tells of a derating; nothing where there is none. */
export function deratingAt({ derating }: ModelUnit, at: Instant): Pick<UnitPeriod, 'derating'> {
  if (!derating) return {}
  const { ratio, periods, statedW, offeredW } = derating
  return {
    derating: { offeredW: offeredW(at), statedW: statedW(at), reliability: ratio, overPeriods: periods },
  }
}
