import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import type { Product } from '../../../schemas/vocabulary/units.ts'
import { isContracted, listContracts, serviceAt, termOf } from '../../market/index.ts'
import { instructedPeriods, liveStates, type PlannedInstruction } from '../instructions/index.ts'
import { liveSchedules, valueAt } from '../schedules/index.ts'
import { stoppedUnits } from '../stops/index.ts'
import type { ProductTimetable, Span } from '../timetable/index.ts'

const quarterS = 900
/** A day of 25 hours. */
const longestWindowS = 90_000

/**
 * The instructions that a window of one day owes: for each FU under contract the quarter-hours that are contracted, in service, not
 * stopped, and asked for by the live schedule. 0 W is asked for; `null` is not. What was contracted is the most that may be asked for.
 */
export async function plansFor(
  tx: Queryable,
  plannedAt: Instant,
  timetable: ProductTimetable,
  window: Span,
): Promise<PlannedInstruction[]> {
  const covered = await coveredQuarters(tx, timetable.product, window)
  return wantedIn(tx, plannedAt, timetable, window, (fuId, from) => covered.has(`${fuId} ${from}`))
}

/** What is wanted in a window, whether or not instructions hold for it already. */
export async function wantedIn(
  tx: Queryable,
  plannedAt: Instant,
  timetable: ProductTimetable,
  window: Span,
  isCovered: (fuId: string, from: Instant) => boolean = () => false,
): Promise<PlannedInstruction[]> {
  const { product } = timetable
  const day = tradingDayOf(window.from)
  const starts = quartersOf(window)
  const contracts = (await listContracts(tx, { product, from: day, to: day })).filter((contract) =>
    starts.some((from) => isContracted(termOf(contract), from)),
  )
  const fuIds = [...new Set(contracts.map((c) => c.fuId))]
  const live = await liveSchedules(tx, day, fuIds, timetable.unselected ?? undefined)
  const stopped = await stoppedUnits(tx, contracts)
  const service = new Map<Instant, Map<string, boolean>>()
  for (const from of starts) service.set(from, await serviceAt(tx, from, fuIds))
  return fuIds.flatMap((fuId) => {
    const [schedule, own] = [live.get(fuId), contracts.filter((c) => c.fuId === fuId)]
    const [first] = own
    if (!schedule || !first || stopped.has(fuId)) return []
    const wanted = starts.flatMap((from) => {
      const contract = own.find((c) => isContracted(termOf(c), from))
      const askedW = valueAt(schedule, from)
      if (!contract || askedW === null || service.get(from)?.get(fuId) === false) return []
      if (isCovered(fuId, from)) return []
      return [{ from, to: from.plusSeconds(quarterS), turnDownW: Math.min(askedW, contract.turnDownW) }]
    })
    const intervals = joined(wanted)
    const [begin] = intervals
    if (!begin) return []
    return [
      {
        fuId,
        fspId: first.fspId,
        product,
        expiresAt: begin.from,
        intervals,
        plannedAt,
        scheduleKind: schedule.kind,
        scheduleVersion: schedule.version,
      },
    ]
  })
}

/** Quarter-hours for which an instruction holds already, as where a timetable was changed and its windows now overlap those before. */
async function coveredQuarters(tx: Queryable, product: Product, window: Span): Promise<Set<string>> {
  const held = await instructedPeriods(tx, {
    product,
    states: liveStates,
    from: window.from.minusSeconds(longestWindowS),
    to: window.to,
  })
  return new Set(held.map((period) => `${period.fuId} ${period.fromAt}`))
}

function quartersOf({ from, to }: Span): Instant[] {
  const starts: Instant[] = []
  for (let at = from; at.isBefore(to); at = at.plusSeconds(quarterS)) starts.push(at)
  return starts
}

/** Neighbours with the same turn-down become one interval. */
function joined(parts: readonly PlannedInstruction['intervals'][number][]): PlannedInstruction['intervals'][number][] {
  const intervals: PlannedInstruction['intervals'][number][] = []
  for (const part of parts) {
    const last = intervals.at(-1)
    if (last?.to.equals(part.from) && last.turnDownW === part.turnDownW) last.to = part.to
    else intervals.push({ ...part })
  }
  return intervals
}
