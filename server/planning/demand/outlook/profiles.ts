import { cells, type DayKindName, dayKinds, slots } from '../engine/demand.ts'

/** Who charges, and where. */
export const archetypes = ['home', 'public', 'depot'] as const
export type Archetype = (typeof archetypes)[number]

/** How one vehicle of a kind charges on the network. */
export interface ArchetypeProfile {
  /** Mean of many vehicles, W each: `cells` values. */
  meanW: Float64Array
  /** What one draws while it charges, W. */
  chargingW: number
}

/** A day of a mean vehicle: energy from the network, and how it is spread. */
interface Shape {
  kwhPerDay: number
  chargingW: number
  /** Peaks over the day: the hour, how wide, h, and its weight; on weekdays and at weekends. */
  weekday: readonly Peak[]
  weekend: readonly Peak[]
}
type Peak = readonly [hour: number, widthH: number, weight: number]

/** Ours, for want of measured ones: figures to be replaced by a DNO's own (`docs/demand.md`). */
const usualShapes: Record<Archetype, Shape> = {
  home: {
    kwhPerDay: 6.5,
    chargingW: 7_400,
    weekday: [
      [19.5, 2.5, 0.75],
      [1, 2.5, 0.25],
    ],
    weekend: [
      [18, 4, 0.7],
      [1, 3, 0.3],
    ],
  },
  public: { kwhPerDay: 6.5, chargingW: 11_000, weekday: [[13, 4.5, 1]], weekend: [[14, 4, 1]] },
  depot: { kwhPerDay: 22, chargingW: 7_400, weekday: [[17.5, 2.2, 1]], weekend: [[17, 3, 0.3]] },
}

/** Factors on the energy of a day: by season, for heating and cold batteries (default: none known, so the same all year). */
export interface SeasonFactors {
  winter: number
  summer: number
}

/** The usual profiles, season by season. */
export function usualProfiles(factors: SeasonFactors): Record<Archetype, ArchetypeProfile> {
  const made = archetypes.map((name) => [name, profileOf(usualShapes[name], factors)] as const)
  return Object.fromEntries(made) as Record<Archetype, ArchetypeProfile>
}

/** A half-hour of a day of an archetype, as a DNO gives it. */
export interface ProfileRow {
  archetype: Archetype
  dayKind: DayKindName
  slot: number
  meanW: number
  chargingW: number
}

/** A DNO's own profiles where it gives any, and the usual ones of the other archetypes. The factors of the season apply to both. */
export function profilesFrom(rows: readonly ProfileRow[], factors: SeasonFactors): Record<Archetype, ArchetypeProfile> {
  const found = usualProfiles(factors)
  for (const [name, own] of Map.groupBy(rows, ({ archetype }) => archetype)) {
    const meanW = new Float64Array(cells)
    for (const { dayKind, slot, meanW: watts } of own)
      meanW[dayKinds.indexOf(dayKind) * slots + slot] =
        watts * factors[dayKind.startsWith('winter') ? 'winter' : 'summer']
    found[name] = { meanW, chargingW: own[0]?.chargingW ?? found[name].chargingW }
  }
  return found
}

function profileOf(shape: Shape, factors: SeasonFactors): ArchetypeProfile {
  const meanW = new Float64Array(cells)
  const weights = (peaks: readonly Peak[]) =>
    Float64Array.from({ length: slots }, (_, n) =>
      peaks.reduce(
        (sum, [hour, width, weight]) => sum + (weight / width) * Math.exp(-((around(n / 2 - hour) / width) ** 2)),
        0,
      ),
    )
  const weekday = weights(shape.weekday)
  // Weekends are scaled as weekdays are, so that a weight below 1 is less energy.
  const perUnit = (shape.kwhPerDay * 1_000) / (0.5 * weekday.reduce((sum, w) => sum + w, 0))
  const weekend = weights(shape.weekend)
  for (const [k, kind] of dayKinds.entries()) {
    const own = kind.endsWith('weekend') ? weekend : weekday
    const factor = kind.startsWith('winter') ? factors.winter : factors.summer
    for (let n = 0; n < slots; n++) meanW[k * slots + n] = (own[n] ?? 0) * perUnit * factor
  }
  return { meanW, chargingW: shape.chargingW }
}

/** Hours from midnight to midnight, the shorter way round. */
function around(hours: number): number {
  return ((((hours + 12) % 24) + 24) % 24) - 12
}

/**
 * How much more energy a season takes than at the reference temperature: `perDegree` of it for each degree that the mean of the season lies
 * below it. @param meanC by season; a season without weather counts as it is.
 */
export function weatherFactors(
  meanC: { winter: number | null; summer: number | null },
  { referenceC, perDegree }: { referenceC: number; perDegree: number },
): SeasonFactors {
  const factor = (celsius: number | null) => (celsius === null ? 1 : 1 + perDegree * Math.max(0, referenceC - celsius))
  return { winter: factor(meanC.winter), summer: factor(meanC.summer) }
}
