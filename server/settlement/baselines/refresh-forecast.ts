import { Instant } from '@js-joda/core'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import type { ServerContext } from '../../kit/index.ts'
import { saveFuForecast } from '../../planning/index.ts'
import { readHistories } from './read-histories.ts'

/** Nobody is paid by a forecast, so a single comparable day is better than none. */
const fewestDays = 1

/** FA11: refreshes an FU's expected import for today and tomorrow from its recent history. Dispatch and compliance read it. */
export async function refreshForecast(context: ServerContext, fuId: string): Promise<void> {
  const today = tradingDayOf(context.clock.now())
  const tomorrow = today.plusDays(1)
  const history = (await readHistories(context.db, [fuId], today, tomorrow, { reader: null, fewestDays })).get(fuId)
  const updatedAt = context.clock.now()
  const rows = [today, tomorrow].flatMap((day) =>
    [...(history?.baseline('recent-history', day)?.energyWh ?? [])].map(([q, energyWh]) => ({
      fuId,
      periodStart: Instant.ofEpochMilli(q),
      importW: energyWh * 4,
      source: 'recent-history',
      updatedAt,
    })),
  )
  await context.db.transaction((tx) => saveFuForecast(tx, rows))
}
