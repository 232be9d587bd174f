import { Instant } from '@js-joda/core'
import { isInWindow } from '../../schemas/market/windows.ts'
import { quarterMs, tradingDayOf } from '../../schemas/vocabulary/time.ts'
import type { Baselines, FlexUnits, Instructions } from '../flexibility/index.ts'
import type { ExpectedEvent } from './planner.ts'

/**
 * The turn-downs of a depot's unit in a span: those that the DNO has instructed, with the cap that follows from the baseline, and those that
 * it may instruct under a contract, by quarter-hour. A unit that is out of service has none.
 */
export async function expectedEvents(
  { flexUnits, instructions, baselines }: { flexUnits: FlexUnits; instructions: Instructions; baselines: Baselines },
  depotId: string,
  from: Instant,
  to: Instant,
): Promise<ExpectedEvent[]> {
  const unit = flexUnits.ofDepot(depotId)
  if (!unit) return []
  const events: ExpectedEvent[] = []
  const contracts = flexUnits.contractsOf(unit.fuId)
  for (let ms = from.toEpochMilli(); ms < to.toEpochMilli(); ms += quarterMs) {
    const at = Instant.ofEpochMilli(ms)
    if (!flexUnits.inService(depotId, at)) continue
    const span = { fromMs: ms, toMs: ms + quarterMs }
    const turnDownW = instructions.turnDownW(depotId, at)
    if (turnDownW > 0) {
      const baselineW = await baselines.powerW(depotId, unit.fuId, at)
      const capW = baselineW === null ? null : Math.max(0, baselineW - turnDownW)
      events.push({ kind: 'instructed', name: 'turn-down of the DNO', ...span, turnDownW, capW })
      continue
    }
    const day = tradingDayOf(at).toString()
    for (const contract of contracts)
      if (contract.validFrom <= day && day <= contract.validTo && isInWindow(contract.windows, at)) {
        const name = `contract for product ${contract.product}`
        events.push({ kind: 'contracted', name, ...span, turnDownW: contract.turnDownW, capW: null })
      }
  }
  return events
}
