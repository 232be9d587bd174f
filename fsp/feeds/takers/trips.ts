import { Instant } from '@js-joda/core'
import type { FormatOf } from '../../../schemas/fsp/feeds/formats.ts'
import { RecordReader } from '../reader.ts'
import { fleetTrip } from '../tables.ts'
import { Collector, isAhead, type Taker } from './taker.ts'

type Format = FormatOf<'trips'>

/** No van is on one journey for longer, nor drives faster on the whole of it. */
const longestMs = 36 * 3_600_000
const fastestKmh = 200

/** J10: journeys of vehicles with engines, kept for planning: when and how far, not where. A journey that comes again changes nothing. */
export const tripsTaker: Taker<Format> = async (tx, { feedId, format }, records, receivedAt) => {
  const collector = new Collector()
  const rows: (typeof fleetTrip.$inferInsert)[] = []
  for (const record of records) {
    const reader = new RecordReader(record.value)
    const vehicle = reader.text(format.vehicle)
    const [startMs, endMs] = [
      reader.instantMs(format.startedAt, format.zone),
      reader.instantMs(format.endedAt, format.zone),
    ]
    const distance = reader.number(format.distance)
    if (vehicle === null || startMs === null || endMs === null || typeof distance !== 'number') {
      if (reader.drifts.length === 0)
        reader.drifts.push({ field: format.distance, expected: 'number', found: 'nothing' })
      collector.drifted(record, reader.drifts)
      continue
    }
    const distanceKm = distance * format.kmPerUnit
    const flaw = flawOf(startMs, endMs, distanceKm) ?? (isAhead(endMs, receivedAt) ? 'it ends ahead of our time' : null)
    if (flaw !== null) {
      collector.refused(record, flaw)
      continue
    }
    collector.take(record, reader.passedOver)
    const [startedAt, endedAt] = [Instant.ofEpochMilli(startMs), Instant.ofEpochMilli(endMs)]
    rows.push({ feedId, vehicle, startedAt, endedAt, distanceKm })
  }
  for (let i = 0; i < rows.length; i += 5_000)
    await tx
      .insert(fleetTrip)
      .values(rows.slice(i, i + 5_000))
      .onConflictDoNothing()
  return collector.taken()
}

function flawOf(startMs: number, endMs: number, distanceKm: number): string | null {
  const hours = (endMs - startMs) / 3_600_000
  if (endMs < startMs) return 'it ends before it begins'
  if (endMs - startMs > longestMs) return `it takes ${Math.round(hours)} hours`
  if (distanceKm < 0) return 'its distance is negative'
  // A minute's leave: journeys of a few hundred metres are rounded.
  if (distanceKm > fastestKmh * (hours + 1 / 60))
    return `${Math.round(distanceKm)} km in ${hours.toFixed(2)} hours is no journey`
  return null
}
