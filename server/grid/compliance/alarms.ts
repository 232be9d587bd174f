import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import type { LimitSource } from '../../../schemas/grid/connections.ts'
import { type AlarmSource, clearAlarm, raiseAlarm } from '../alarms/index.ts'

const kw = (watts: number) => `${(watts / 1000).toFixed(1)} kW`

const limitNames: Record<LimitSource, string> = {
  profile: 'of its profile',
  asc: 'of its authorised supply capacity',
  fallback: 'in force since its profile expired',
  dynamic: 'issued from forecast headroom',
  dispatch: 'implied by a dispatch',
  'fail-safe': 'that its FSP follows as a fail-safe',
}

/** What a breach alarm reports. `loadW`: the import or mean that exceeds the limit. */
export interface BreachNews {
  source: AlarmSource
  loadW: number
  limitW: number
  limitSource: LimitSource
}

/** Raises the alarm when a breach begins. */
export function raiseBreach(tx: Queryable, at: Instant, news: BreachNews): Promise<boolean> {
  const { source, loadW, limitW, limitSource } = news
  return raiseAlarm(tx, at, {
    kind: 'limit-breach',
    source,
    message: `${source.name} imports ${kw(loadW)}, ${kw(loadW - limitW)} over the limit of ${kw(limitW)} ${limitNames[limitSource]}.`,
  })
}

/** Clears the alarm when a breach has ended. */
export function clearBreach(tx: Queryable, at: Instant, sourceId: string): Promise<boolean> {
  return clearAlarm(tx, at, { kind: 'limit-breach', sourceId })
}
