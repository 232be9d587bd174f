import type { Instant } from '@js-joda/core'
import { dayStart, tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import type { Product } from '../../../schemas/vocabulary/units.ts'
import { openSources } from '../../grid/index.ts'
import type { ServerContext } from '../../kit/index.ts'
import type { Span } from '../../market/index.ts'
import { listFlexibleUnits, serviceHistory, unitsOutOfService } from '../../market/index.ts'
import { instructedPeriods, liveStates } from '../instructions/index.ts'
import { isInService } from '../schedules/index.ts'

const quarterMs = 900_000
/** Windows are at most a week ahead. */
const lookAheadS = 8 * 86_400 + 3_600

/** FUs that may have dropped out. */
export interface Suspects {
  all: string[]
  /** FUs whose FSP is unreachable. */
  untold: Set<string>
}

/** Looks for FUs that may have dropped out. Usually none has, and nothing more is read. */
export async function findSuspects({ db }: ServerContext, at: Instant): Promise<Suspects> {
  const unreachable = await openSources(db, 'dispatch-not-sent')
  const units = await Promise.all(unreachable.map(({ id }) => listFlexibleUnits(db, at, { fspId: id })))
  const untold = new Set(units.flat().map((unit) => unit.fuId))
  return { untold, all: [...new Set([...untold, ...(await unitsOutOfService(db, at, at.plusSeconds(lookAheadS)))])] }
}

/** Quarter-hours of chosen FUs that are lost: the FU is out of service, or its FSP is unreachable and has not confirmed the instruction. */
export async function lostQuarters(
  { db }: ServerContext,
  product: Product,
  window: Span,
  chosen: Map<string, Map<string, number>>,
  { untold }: Suspects,
): Promise<Set<string>> {
  const fuIds = [...chosen.keys()]
  if (fuIds.length === 0) return new Set()
  const held = await instructedPeriods(db, {
    fuIds,
    product,
    states: liveStates,
    from: dayStart(tradingDayOf(window.from)),
    to: window.to,
  })
  const service = await serviceHistory(db, fuIds, window.to)
  const open = new Set(held.filter((p) => p.state !== 'acknowledged').map((p) => `${p.fuId} ${p.fromAt}`))
  const lost = new Set<string>()
  for (let from = window.from; from.isBefore(window.to); from = from.plusMillis(quarterMs)) {
    for (const fuId of fuIds) {
      if (!chosen.get(fuId)?.has(from.toString())) continue
      const key = `${fuId} ${from}`
      if (!isInService(service.get(fuId) ?? [], from) || (untold.has(fuId) && open.has(key))) lost.add(key)
    }
  }
  return lost
}
