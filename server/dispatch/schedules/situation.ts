import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import type { Contract } from '../../../schemas/market/contracts.ts'
import type { DispatchSchedule } from '../../../schemas/market/schedules.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import {
  isContracted,
  listContracts,
  type ProductTimetable,
  type Span,
  serviceHistory,
  termOf,
} from '../../market/index.ts'
import { stoppedUnits } from '../emergency/index.ts'
import type { Interval } from '../instructions/index.ts'
import type { Held } from './rules/room.ts'
import { intervalsWanted, wanted } from './rules/wanted.ts'
import { heldToSites } from './site-room.ts'
import { liveSchedules } from './store.ts'

const quarterS = 900

/** What is wanted in a span of one day of the FUs whose contracts follow a timetable, and the schedules behind it. */
export interface WantedOfProduct {
  intervals: ReadonlyMap<string, readonly Interval[]>
  /** What is not wanted after all, because the limits of the sites leave no room for it. */
  overfull: readonly Held[]
  /** What is wanted with less, because they leave room for a part only. */
  cut: readonly Held[]
  /** Whether an FU has a contract of the product at an instant that follows another timetable. */
  isElsewhere(fuId: string, at: Instant): boolean
  originOf(
    fuId: string,
  ):
    | { fspId: string; product: Contract['product']; scheduleKind: DispatchSchedule['kind']; scheduleVersion: number }
    | undefined
}

/**
 * Reads what decides the turn-downs of the contracts that follow a timetable in a span of one day, and returns what is wanted.
 * @param at of the fail-safe limits that FSPs follow.
 * @param fuIds FUs to read; all by default.
 */
export async function wantedIn(
  tx: Queryable,
  { product, unselected, covers }: ProductTimetable,
  span: Span,
  at: Instant,
  fuIds?: readonly string[],
): Promise<WantedOfProduct> {
  const day = tradingDayOf(span.from)
  const only = fuIds ? { fuIds: [...fuIds] } : {}
  const all = await listContracts(tx, { product, from: day, to: day, ...only })
  const contracts = all.filter(({ contractId }) => covers(contractId))
  const others = Map.groupBy(
    all.filter(({ contractId }) => !covers(contractId)),
    (contract) => contract.fuId,
  )
  const ofUnit = Map.groupBy(contracts, (contract) => contract.fuId)
  const ids = [...ofUnit.keys()]
  const live = await liveSchedules(tx, day, ids, { product, unselected })
  const stopped = await stoppedUnits(tx, contracts)
  const service = await serviceHistory(tx, ids, span.to)
  const starts = quarterHoursOf(span)
  const asked = new Map(
    [...ofUnit].map(([fuId, own]) => {
      const periods = wanted(
        {
          contracts: own.map((contract) => ({
            term: termOf(contract),
            direction: contract.direction,
            turnDownW: contract.turnDownW,
          })),
          schedule: live.get(fuId) ?? null,
          isStopped: stopped.has(fuId),
          service: service.get(fuId) ?? [],
        },
        starts,
      )
      return [fuId, intervalsWanted(periods)]
    }),
  )
  const { intervals, overfull, cut } = await heldToSites(tx, asked, span, at)
  return {
    intervals,
    overfull,
    cut,
    isElsewhere: (fuId, at) => (others.get(fuId) ?? []).some((contract) => isContracted(termOf(contract), at)),
    originOf(fuId) {
      const [schedule, contract] = [live.get(fuId), ofUnit.get(fuId)?.[0]]
      if (!schedule || !contract) return undefined
      return { fspId: contract.fspId, product, scheduleKind: schedule.kind, scheduleVersion: schedule.version }
    },
  }
}

function quarterHoursOf({ from, to }: Span): Instant[] {
  const starts: Instant[] = []
  for (let at = from; at.isBefore(to); at = at.plusSeconds(quarterS)) starts.push(at)
  return starts
}
