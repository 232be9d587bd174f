import { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import type { FormatOf } from '../../../schemas/fsp/feeds/formats.ts'
import { RecordReader } from '../reader.ts'
import { weatherReading } from '../tables.ts'
import { Collector, isAhead, type Taker } from './taker.ts'

type Format = FormatOf<'weather'>

/** The record highs and lows of the United Kingdom, with a margin, °C. */
const [coldestC, hottestC] = [-40, 50]

/** P9: weather, observed or forecast. What was observed stays; a forecast is replaced by a later one. @param depotOf the place of a feed. */
export function weatherTaker(depotOf: (feedId: string) => string | null): Taker<Format> {
  return async (tx, { feedId, format }, records, receivedAt) => {
    const collector = new Collector()
    const depotId = depotOf(feedId) ?? '*'
    const { isForecast } = format
    const rows = new Map<number, typeof weatherReading.$inferInsert>()
    for (const record of records) {
      const reader = new RecordReader(record.value)
      const atMs = reader.instantMs(format.at, format.zone)
      const temperatureC = reader.number(format.temperatureC)
      if (atMs === null || typeof temperatureC !== 'number') {
        if (reader.drifts.length > 0) collector.drifted(record, reader.drifts)
        continue
      }
      if (temperatureC < coldestC || temperatureC > hottestC) {
        collector.refused(record, `${temperatureC} °C is no temperature of this country`)
        continue
      }
      if (!isForecast && isAhead(atMs, receivedAt)) {
        collector.refused(record, 'it was observed ahead of our time')
        continue
      }
      collector.take(record, reader.passedOver)
      rows.set(atMs, { depotId, at: Instant.ofEpochMilli(atMs), isForecast, temperatureC, receivedAt })
    }
    const all = [...rows.values()]
    for (let i = 0; i < all.length; i += 5_000)
      await tx
        .insert(weatherReading)
        .values(all.slice(i, i + 5_000))
        .onConflictDoUpdate({
          target: [weatherReading.depotId, weatherReading.at],
          set: {
            temperatureC: sql`excluded.temperature_c`,
            isForecast: sql`excluded.is_forecast`,
            receivedAt: sql`excluded.received_at`,
          },
          setWhere: sql`${weatherReading.isForecast} or not excluded.is_forecast`,
        })
    return collector.taken()
  }
}
