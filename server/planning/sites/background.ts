import { and, eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { SiteBackground } from '../../../schemas/planning/sites/assets.ts'
import { worstWeek } from './engine/background.ts'
import { weekPeriods } from './engine/week.ts'
import { assetOf, viewAsset } from './store.ts'
import { planMeterHistory } from './tables.ts'

const namedGaps = 100
const hoursOfYear = 8_760

/**
 * The background load of a site: the worst week of its meter history, otherwise what the customer assumes, otherwise twice the mean of its
 * yearly use; each with a sentence on what it is worth. Without any of them it is refused with where to find one: unknown is not 0.
 */
export async function backgroundOf(db: Queryable, customerId: string, assetId: string): Promise<SiteBackground> {
  const asset = viewAsset(await assetOf(db, customerId, assetId))
  if (asset.kind !== 'site')
    throw new ProblemError('conflict', `${asset.name} is no site, but of the kind ${asset.kind}.`)
  const history = await historyOf(db, customerId, assetId)
  if (history) return history
  const { assumedPeakKw, kwhPerYear } = asset.content
  if (assumedPeakKw !== null)
    return flat(
      'assumed',
      assumedPeakKw,
      `No meter history is there, so ${assumedPeakKw} kW count at all times. This is cautious: half-hourly readings from your supplier usually leave more room at night.`,
    )
  if (kwhPerYear !== null)
    return flat(
      'yearly',
      (2 * kwhPerYear) / hoursOfYear,
      `No meter history is there, so twice the mean of ${kwhPerYear} kWh a year counts at all times. A peak can be higher: ask your supplier for half-hourly readings before you decide.`,
    )
  throw new ProblemError(
    'conflict',
    `The load of ${asset.name} is not known. Upload half-hourly meter readings (your supplier sends them on request); or state assumedPeakKw, the most that the site draws; or kwhPerYear from the electricity bill.`,
  )
}

function flat(source: 'assumed' | 'yearly', kw: number, explanation: string): SiteBackground {
  const weekKw = Array.from({ length: weekPeriods }, () => Math.round(kw * 1_000) / 1_000)
  return {
    source,
    explanation,
    weekKw,
    peakKw: weekKw[0] ?? 0,
    knownHalfHours: 0,
    gaps: [],
    gapCount: 0,
    filledHalfHours: weekPeriods,
  }
}

async function historyOf(db: Queryable, customerId: string, assetId: string): Promise<SiteBackground | null> {
  const own = and(eq(planMeterHistory.assetId, assetId), eq(planMeterHistory.customerId, customerId))
  const [row] = await db.select().from(planMeterHistory).where(own)
  const found = row && worstWeek({ from: row.fromAt, kwh: row.kwh.map((kwh) => (kwh < 0 ? null : kwh)) })
  if (!found) return null
  const weekKw = Array.from(found.weekKw, (kw) => Math.round(kw * 1_000) / 1_000)
  const gaps = found.gaps.map(({ from, to, halfHours }) => ({ from: from.toString(), to: to.toString(), halfHours }))
  const days = Math.round(found.knownHalfHours / 48)
  const advice = days < 365 ? ' Less than a year may leave out the highest season.' : ''
  return {
    source: 'history',
    explanation: `The most that ${days} days of meter readings have for each half-hour of the week. The site never draws all of it in one week, so plans are cautious.${advice}`,
    weekKw,
    peakKw: weekKw.reduce((most, kw) => Math.max(most, kw), 0),
    knownHalfHours: found.knownHalfHours,
    gaps: gaps.slice(0, namedGaps),
    gapCount: gaps.length,
    filledHalfHours: found.filled.length,
  }
}
