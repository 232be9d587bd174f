import type { LocalDate } from '@js-joda/core'
import type { DepotSeed } from '../../schemas/fsp/depots.ts'
import { worldOperations } from '../../schemas/fsp/simulation.ts'
import { createClient } from '../../schemas/vocabulary/client.ts'
import type { RunningSystem } from '../system/system.ts'

/** Days of history that the FSP is given: enough for ten comparable days, also over Christmas. */
const historyDays = 28

/** Gives the FSP the meter history of its depots from before the simulation began, as a depot's owner would bring it along. */
export async function loadHistory(
  system: Pick<RunningSystem, 'chargePoints' | 'fsp'>,
  depots: readonly DepotSeed[],
  today: LocalDate,
): Promise<void> {
  const world = createClient(({ path, init }) => fetch(`${system.chargePoints.url}${path}`, init))
  for (const { depotId } of depots) {
    for (let back = historyDays; back >= 1; back--) {
      const day = today.minusDays(back)
      const history = await world.call(worldOperations.readDepotHistory, { query: { depotId, day: day.toString() } })
      await system.fsp.importHistory(history)
    }
  }
}
