import type { LocalDate } from '@js-joda/core'
import type { DepotSeed } from '../../schemas/fsp/depots.ts'
import { depotHistory } from '../../schemas/fsp/simulation.ts'
import type { RunningSystem } from '../system/system.ts'

/** Days of history that the FSP is given: enough for ten comparable days, also over Christmas. */
const historyDays = 28

/** Gives the FSP the meter history of its depots from before the simulation began, as a depot's owner would bring it along. */
export async function loadHistory(
  system: Pick<RunningSystem, 'chargePoints' | 'fsp'>,
  depots: readonly DepotSeed[],
  today: LocalDate,
): Promise<void> {
  for (const { depotId } of depots) {
    for (let back = historyDays; back >= 1; back--) {
      const day = today.minusDays(back)
      const query = new URLSearchParams({ depotId, day: day.toString() })
      const response = await fetch(`${system.chargePoints.url}/history?${query}`)
      if (!response.ok) throw new Error(`no history of ${depotId} on ${day}: ${await response.text()}`)
      const history = depotHistory.parse(await response.json())
      await system.fsp.importHistory(history)
    }
  }
}
