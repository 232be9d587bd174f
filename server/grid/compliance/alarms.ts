import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import type { LimitSource, PowerFlow } from '../../../schemas/grid/connections.ts'
import { type AlarmSource, clearAlarms, raiseAlarms } from '../alarms/index.ts'

const kw = (watts: number) => `${(watts / 1000).toFixed(1)} kW`

const limitNames: Record<LimitSource, string> = {
  profile: 'of its profile',
  asc: 'of its authorised supply capacity',
  fallback: 'in force since its profile expired',
  dynamic: 'issued from forecast headroom',
  dispatch: 'implied by a dispatch',
  'fail-safe': 'that its FSP follows as a fail-safe',
  'export-capacity': 'of its authorised export capacity',
}

/** What a breach alarm reports. `loadW`: the import, the export or the mean that exceeds the limit. */
export interface BreachNews {
  source: AlarmSource
  loadW: number
  limitW: number
  limitSource: LimitSource
}

/** Each direction has a kind of its own: one may begin before the other has ended, and a fail-safe limit answers imports only. */
const kinds = { import: 'limit-breach', export: 'export-breach' } as const

/** Raises the alarms of breaches that begin. */
export function raiseBreaches(
  tx: Queryable,
  at: Instant,
  news: readonly BreachNews[],
  direction: PowerFlow = 'import',
): Promise<boolean> {
  return raiseAlarms(
    tx,
    at,
    kinds[direction],
    news.map(({ source, loadW, limitW, limitSource }) => ({
      source,
      message: `${source.name} ${direction}s ${kw(loadW)}, ${kw(loadW - limitW)} over the limit of ${kw(limitW)} ${limitNames[limitSource]}.`,
    })),
  )
}

/** Clears the alarms of breaches that have ended. */
export function clearBreaches(
  tx: Queryable,
  at: Instant,
  sourceIds: readonly string[],
  direction: PowerFlow = 'import',
): Promise<boolean> {
  return clearAlarms(tx, at, kinds[direction], sourceIds)
}
