import { LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../../platform/db/index.ts'
import type { Contract } from '../../../../schemas/market/contracts.ts'
import type { FlexibleUnit } from '../../../../schemas/market/parties.ts'
import { dayStart } from '../../../../schemas/vocabulary/time.ts'
import { type InstructedPeriod, instructedPeriods } from '../../instructions/index.ts'

/**
 * How many turn-downs and turn-ups FUs whose contracts limit them may start on a day: those of the contract less the runs accepted on the days before.
 * Those of the day itself count where the day is solved.
 */
export async function activationsLeft(
  tx: Queryable,
  day: LocalDate,
  units: readonly FlexibleUnit[],
  contracts: readonly Contract[],
): Promise<Map<string, number>> {
  const left = new Map<string, number>()
  for (const { fuId, limits: constraints } of units) {
    const contract = contracts.find((c) => c.fuId === fuId)
    const ofContract = constraints?.activationsPerContract ?? null
    if (!contract || ofContract === null) continue
    const given = await instructedPeriods(tx, {
      fuIds: [fuId],
      product: contract.product,
      states: ['acknowledged', 'ended'],
      from: dayStart(LocalDate.parse(contract.validFrom)),
      to: dayStart(day),
    })
    const on = given.filter((period) => period.turnDownW !== 0)
    const goesOn = (period: InstructedPeriod) =>
      on.some((other) => other.toAt.equals(period.fromAt) && Math.sign(other.turnDownW) === Math.sign(period.turnDownW))
    const runs = on.filter((period) => !goesOn(period))
    left.set(fuId, Math.max(0, ofContract - runs.length))
  }
  return left
}
