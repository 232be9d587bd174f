import type { Instant } from '@js-joda/core'
import type { MeterMark, MeterSource } from '../../../../schemas/settlement/metering.ts'
import { Money } from '../../../../schemas/vocabulary/money.ts'
import { quarterHours } from './rules.ts'

/** The latest version of one reading. */
export interface Reading {
  meterId: string
  source: 'upload' | 'hub'
  periodStart: Instant
  minutes: number
  revision: number
  energyWh: number | null
  quality: 'measured' | 'estimated' | 'derived' | 'dropout'
}

/** From when until when a meter belongs to an FU, epoch ms; `untilMs` may be infinite. */
export interface Membership {
  meterId: string
  fromMs: number
  untilMs: number
}

/** One quarter-hour of an FU. `energyWh` is `null`, and a mark says why, where what was sent is no measurement of the whole FU. */
export interface MeteredQuarter {
  energyWh: number | null
  /** The highest revision behind it. */
  revision: number
  source: MeterSource
  marks: readonly MeterMark[]
}

type Quarters = Map<number, MeteredQuarter>

const quarterMs = 900_000

/** From lowest to highest precedence: among readings of several lengths for the same time, the shortest that covers it counts. */
const lengths = [30, 15, 2, 1] as const

/**
 * Quarter-hours of an FU by epoch ms: the sum of its meters, which is complete only if every meter that belongs to the FU then has a value.
 * What a hub at the connection measured stands in where uploads leave a gap.
 * @param readings one version of each, of any source and length.
 * @param memberships a meter without one belongs to the FU whenever it has a reading.
 */
export function quartersOfUnit(readings: readonly Reading[], memberships: readonly Membership[]): Quarters {
  const quarters = quartersOfMeter(readings.filter((reading) => reading.source === 'hub'))
  const uploaded = readings.filter((reading) => reading.source === 'upload')
  for (const [q, quarter] of sumOfMeters(
    Map.groupBy(uploaded, (reading) => reading.meterId),
    memberships,
  ))
    if (quarter.energyWh !== null || quarters.get(q)?.energyWh == null) quarters.set(q, quarter)
  return quarters
}

function sumOfMeters(readings: ReadonlyMap<string, readonly Reading[]>, memberships: readonly Membership[]): Quarters {
  const spans = new Map(memberships.map((each) => [each.meterId, each]))
  const meters = new Map<string, Quarters>()
  const isMember = (meterId: string, q: number) => {
    const span = spans.get(meterId)
    return span === undefined ? meters.get(meterId)?.has(q) === true : q >= span.fromMs && q < span.untilMs
  }
  for (const [meterId, own] of readings) meters.set(meterId, quartersOfMeter(own))
  const known = [...new Set([...spans.keys(), ...meters.keys()])]
  const sums: Quarters = new Map()
  for (const q of new Set([...meters.values()].flatMap((own) => [...own.keys()]))) {
    const members = known.filter((meterId) => isMember(meterId, q))
    const parts = members.map((meterId) => meters.get(meterId)?.get(q))
    const sum = sumOf(parts)
    if (sum) sums.set(q, sum)
  }
  return sums
}

/** The sum of the meters of a quarter-hour; `undefined` if none of them has anything. */
function sumOf(parts: readonly (MeteredQuarter | undefined)[]): MeteredQuarter | undefined {
  const found = parts.filter((part) => part !== undefined)
  const [first] = found
  if (!first || (parts.length === 1 && found.length === 1)) return first
  const marks = new Set(found.flatMap((part) => part.marks))
  const revision = Math.max(...found.map((part) => part.revision))
  const energies = found.map((part) => part.energyWh)
  const isWhole = found.length === parts.length && energies.every((wh) => wh !== null)
  if (!isWhole) return { energyWh: null, revision, source: 'upload', marks: [...marks.add('incomplete')].sort() }
  const energyWh = sumOfWh(energies)
  return { energyWh, revision, source: 'upload', marks: [...marks].sort() }
}

/** Quarters of a Wh up to here add up without any rounding, Wh. */
const mostExactWh = 2 ** 40

/** Decimal, for what meters say in decimals: where all say whole Wh, or halves of them from a half-hour, the plain sum is that already. */
function sumOfWh(energies: readonly number[]): number {
  if (energies.every((wh) => Number.isInteger(4 * wh) && Math.abs(wh) < mostExactWh))
    return energies.reduce((sum, wh) => sum + wh, 0)
  return energies.reduce((sum, wh) => sum.plus(wh), new Money(0)).toNumber()
}

/** Qualities as bits: a year of an FU has a hundred thousand sets of them. */
const bitOf: Record<Reading['quality'], number> = { measured: 1, estimated: 2, derived: 4, dropout: 8 }

/** Quarter-hours of one meter, or of a hub. */
function quartersOfMeter(readings: readonly Reading[]): Quarters {
  const quarters: Quarters = new Map()
  for (const minutes of lengths) {
    const own = readings.filter((reading) => reading.minutes === minutes)
    if (own.length === 0) continue
    const behind = new Map<number, { revision: number; qualities: number }>()
    for (const { periodStart, revision, quality } of own) {
      const first = Math.floor(periodStart.toEpochMilli() / quarterMs) * quarterMs
      const last = minutes === 30 ? first + quarterMs : first
      for (let q = first; q <= last; q += quarterMs) {
        const seen = behind.get(q)
        if (!seen) {
          behind.set(q, { revision: Math.max(1, revision), qualities: bitOf[quality] })
          continue
        }
        seen.revision = Math.max(seen.revision, revision)
        seen.qualities |= bitOf[quality]
      }
    }
    const energies = quarterHours(own)
    for (const [q, { revision, qualities }] of behind) {
      const energyWh = energies.get(q) ?? null
      if (energyWh === null && !((qualities & bitOf.dropout) > 0 && quarters.get(q)?.energyWh == null)) continue
      const isHub = own[0]?.source === 'hub'
      const source = isHub ? ((qualities & bitOf.derived) > 0 ? 'hub-derived' : 'hub') : 'upload'
      quarters.set(q, { energyWh, revision, source, marks: marksOf(qualities, minutes, energyWh) })
    }
  }
  return quarters
}

/** Most quarter-hours have no mark, and share this. */
const none: readonly MeterMark[] = []

function marksOf(qualities: number, minutes: number, energyWh: number | null) {
  if (energyWh === null) return ['dropout'] as const
  const isEstimated = (qualities & bitOf.estimated) > 0
  if (minutes !== 30 && !isEstimated) return none
  return [...(minutes === 30 ? ['apportioned' as const] : []), ...(isEstimated ? ['estimated' as const] : [])]
}
