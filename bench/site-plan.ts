import { classesOf } from '../server/planning/sites/engine/model.ts'
import { chargeSmartly } from '../server/planning/sites/engine/solver.ts'
import { chargeSoonest } from '../server/planning/sites/engine/soonest.ts'
import { type VehicleGroup, vehicleWeeks, weekPeriods } from '../server/planning/sites/engine/week.ts'
import { createRandom } from './support/random.ts'

/** Vehicles of their own each: no two leave, return and drive alike, so that none share their columns. */
function createFleet(count: number): VehicleGroup[] {
  const random = createRandom(7)
  return Array.from({ length: count }, (_, i) => ({
    name: `van ${i}`,
    count: 1,
    usableKwh: 50 + Math.round(random() * 30),
    kwhPerMile: 0.3 + 0.1 * random(),
    chargeKw: random() < 0.3 ? 11 : 7.4,
    chargePoint: 'depot',
    days: random() < 0.7 ? [0, 1, 2, 3, 4] : [1, 2, 3, 4, 5],
    leavesMinute: 300 + 30 * Math.floor(random() * 6),
    returnsMinute: 840 + 30 * Math.floor(random() * 9),
    milesPerDay: 30 + Math.round(random() * 60),
  }))
}

const background = Float64Array.from({ length: weekPeriods }, (_, t) => {
  const hour = (t % 48) / 2
  return 60 + 50 * Math.exp(-(((hour - 13) / 5) ** 2)) + (t < 240 ? 20 : 0)
})
const price = Float64Array.from({ length: weekPeriods }, (_, t) =>
  (t % 48) / 2 < 7 ? 12 : (t % 48) / 2 >= 16 && (t % 48) / 2 < 19 ? 34 : 22,
)

async function planMs(
  count: number,
): Promise<{ ms: number; peakKw: number; soonestPeakKw: number; impossible: number }> {
  const begun = performance.now()
  const vehicles = createFleet(count).flatMap(vehicleWeeks)
  const { weeks, impossible } = chargeSoonest(vehicles, [{ kind: 'depot', sockets: count }])
  const found = await chargeSmartly(classesOf(weeks), { least: 'peak', backgroundKw: background, price, limitKw: null })
  if (!found) throw new Error('no plan was found')
  const siteOf = (own: readonly Float64Array[]) =>
    background.map((kw, t) => own.reduce((sum, each) => sum + (each[t] ?? 0), kw))
  const most = (kw: Float64Array) => Math.round(kw.reduce((a, b) => Math.max(a, b), 0) * 10) / 10
  return {
    ms: Math.round(performance.now() - begun),
    peakKw: most(found.siteKw),
    soonestPeakKw: most(siteOf(weeks.map(({ powerKw }) => powerKw))),
    impossible: impossible.length,
  }
}

/** The week of a site with 200 vehicles that all differ: unmanaged, the least peak, and the least cost at that peak. */
export async function run(options: Record<string, string>): Promise<Record<string, unknown>> {
  const { ms, ...figures } = await planMs(Number(options['vehicles'] ?? 200))
  const large = options['large'] === 'none' ? null : await planMs(Number(options['large'] ?? 2_000))
  return { wallMs: ms, ...figures, largeMs: large?.ms ?? null, ratio: Math.round((5_000 / ms) * 100) / 100 }
}
