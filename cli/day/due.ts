import type { Instant, LocalDate } from '@js-joda/core'
import { LocalTime } from '@js-joda/core'
import type { Contract } from '../../schemas/market/contracts.ts'
import type { NodeLoadSeed } from '../../schemas/planning/load-seeds.ts'
import { settlementZone } from '../../schemas/vocabulary/time.ts'
import type { Product } from '../../schemas/vocabulary/units.ts'
import { forecastOf } from '../demo/forecasts.ts'
import { contractedStarts } from '../demo/market.ts'
import { leadHours } from '../demo/timetables.ts'

/** A quarter-hour of one FU for which an instruction is owed. */
export interface DueWindow {
  product: Product
  fuId: string
  from: Instant
  /** Negative for a turn-up. */
  turnDownW: number
  /** The latest instant at which it must have arrived. */
  by: Instant
}

/** An instruction is late when it comes more than so many seconds after its tick. */
const graceS = 60

/** Product A is instructed half an hour before each window. */
const aheadS = 30 * 60

/** What a manual schedule asks for is owed half an hour ahead. */
export function dueByHand(asked: readonly { fuId: string; from: Instant; turnDownW: number }[]): DueWindow[] {
  return asked.map((each) => ({
    ...each,
    product: 'A',
    by: each.from.minusSeconds(aheadS).plusSeconds(graceS),
  }))
}

/**
 * When the optimiser's instructions for a day go out, local time: B at 20:00 on the day before (domain section 4); C two hours before the
 * window of a contract, at noon for most (`stateLocalTimetables`).
 */
function sentAt({ product, windows }: Contract, day: LocalDate): Instant | null {
  if (product === 'B') return at(day.minusDays(1), LocalTime.of(20, 0))
  const [window] = windows
  return product === 'C' && window ? at(day, LocalTime.parse(window.from).minusHours(leadHours)) : null
}

const at = (day: LocalDate, time: LocalTime) => day.atTime(time).atZone(settlementZone).toInstant()

/**
 * What the optimiser owes, without asking it: where the seeded forecast of a node exceeds its target, or its reverse power the target of
 * that, the one FU behind it makes up for it in the direction of its contract.
 * @param nodeOf the node of an FU.
 */
export function dueByForecast(
  contracts: readonly Contract[],
  loads: readonly NodeLoadSeed[],
  nodeOf: ReadonlyMap<string, string>,
  day: LocalDate,
): DueWindow[] {
  return contracts.flatMap((contract) => {
    const { product, fuId } = contract
    const tick = sentAt(contract, day)
    const node = loads.find(({ nodeId }) => nodeId === nodeOf.get(fuId))
    if (!tick || !node) return []
    const within = new Set(contractedStarts(contract, day).map(String))
    const { targetW, reverseTargetW = Infinity } = node
    const isUp = contract.direction === 'turn-up'
    return forecastOf(node, day).flatMap(({ start, loadW }) => {
      const excessW = isUp ? -loadW - reverseTargetW : loadW - targetW
      if (excessW <= 0 || !within.has(start.toString())) return []
      return [{ product, fuId, from: start, turnDownW: isUp ? -excessW : excessW, by: tick.plusSeconds(graceS) }]
    })
  })
}
