import type { SettlementTerms } from '../../../../schemas/settlement/statements.ts'
import type { InForce, QuarterInForce } from '../../../dispatch/index.ts'
import type { MeteredSeries } from '../../baselines/index.ts'
import { estimatedWh, type PaymentFlag } from '../../payments/index.ts'
import { meterFlags } from './meter-flags.ts'

/** What a quarter-hour is settled with as metered, Wh; `null` if it counts as missing. */
export interface Metered {
  energyWh: number | null
  flags: PaymentFlag[]
}

const none: PaymentFlag[] = []

/**
 * The metered energy of a quarter-hour. What is missing, or marked as an estimate by its sender, is unpaid or a flagged estimate, as the
 * terms say: a sender's estimate stands, a missing value is interpolated. Flags matter only where something was instructed.
 */
export function meterOf(
  terms: Pick<SettlementTerms, 'missingMeterData'>,
  series: MeteredSeries,
  q: number,
  force: QuarterInForce | undefined,
  forceAt: InForce | undefined,
): Metered {
  const value = series.get(q)
  if (!force?.instructedWh) return { energyWh: value ?? null, flags: none }
  const isEstimate = terms.missingMeterData === 'estimate'
  if (value === undefined) {
    const estimate = isEstimate ? estimatedWh(measuredOnly(series), q) : null
    const flags = meterFlags(series, q, forceAt)
    return { energyWh: estimate, flags: estimate === null ? [...flags] : ['estimated-meter-data', ...flags] }
  }
  const flags = flagsAt(series, q, force, forceAt)
  return { energyWh: isEstimated(series, q) && !isEstimate ? null : value, flags }
}

function isEstimated(series: MeteredSeries, q: number): boolean {
  return series.marks(q).includes('estimated')
}

function measuredOnly(series: MeteredSeries) {
  return { get: (q: number) => (isEstimated(series, q) ? undefined : series.get(q)) }
}

function flagsAt(series: MeteredSeries, q: number, force: QuarterInForce, forceAt: InForce | undefined): PaymentFlag[] {
  const flags = meterFlags(series, q, forceAt)
  const isShared = force.parts !== null && force.acceptedWh > 0 && !flags.includes('apportioned-meter-data')
  const source = series.source(q)
  return [
    ...(source === 'hub' ? ['hub-meter-data' as const] : []),
    ...(source === 'hub-derived' ? ['derived-meter-data' as const] : []),
    ...flags,
    ...(isShared ? ['apportioned-meter-data' as const] : []),
  ]
}
