import { type Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../../platform/db/index.ts'
import type { Contract } from '../../../../schemas/market/contracts.ts'
import type { FlexibleUnit } from '../../../../schemas/market/parties.ts'
import { dayStart } from '../../../../schemas/vocabulary/time.ts'
import { instructedPeriods } from '../../instructions/index.ts'

/**
 * How many turn-downs FUs with constraints may still start from an instant of a day: the activations of the day less the runs accepted on
 * it, and those of the contract less the runs over its life. A run in progress at the instant may still be chosen.
 */
export async function activationsLeft(
  tx: Queryable,
  day: LocalDate,
  units: readonly FlexibleUnit[],
  contracts: readonly Contract[],
  from: Instant,
): Promise<Map<string, number>> {
  const left = new Map<string, number>()
  for (const { fuId, limits: constraints } of units) {
    const contract = contracts.find((c) => c.fuId === fuId)
    if (!contract || !constraints) continue
    const ofContract = constraints.activationsPerContract
    const since = ofContract === null ? dayStart(day) : dayStart(LocalDate.parse(contract.validFrom))
    const given = await instructedPeriods(tx, {
      fuIds: [fuId],
      product: contract.product,
      states: ['acknowledged', 'ended'],
      from: since,
      to: from,
    })
    const on = given.filter((period) => period.turnDownW > 0)
    const runs = on.filter((period) => !on.some((other) => other.toAt.equals(period.fromAt)))
    const goesOn = from.isAfter(dayStart(day)) && on.some((period) => period.toAt.equals(from)) ? 1 : 0
    const today = runs.filter((period) => !period.fromAt.isBefore(dayStart(day))).length
    const leftOfContract = ofContract === null ? Infinity : ofContract - runs.length
    left.set(fuId, Math.max(0, Math.min(constraints.activationsPerDay - today, leftOfContract) + goesOn))
  }
  return left
}
