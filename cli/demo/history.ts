import type { LocalDate } from '@js-joda/core'
import type { DepotSeed } from '../../schemas/fsp/depots.ts'
import type { VanUnitSeed } from '../../schemas/fsp/homes.ts'
import { type DepotHistory, worldOperations } from '../../schemas/fsp/simulation.ts'
import { createClient } from '../../schemas/vocabulary/client.ts'
import type { RunningSystem } from '../system/system.ts'

/** Days of history that the FSP is given: enough for ten comparable days, also over Christmas. */
const historyDays = 28

/**
 * Gives the FSPs the meter history of their depots and units of homes from before the simulation began, as a depot's owner would bring it
 * along.
 */
export async function loadHistory(
  system: Pick<RunningSystem, 'chargePoints' | 'fsp' | 'vans' | 'homes'>,
  sites: { depots: readonly Pick<DepotSeed, 'depotId'>[]; vanUnits: readonly Pick<VanUnitSeed, 'depotId'>[] },
  today: LocalDate,
): Promise<void> {
  await load(system.chargePoints.url, system.fsp, sites.depots, today)
  if (system.vans && system.homes) await load(system.vans.url, system.homes, sites.vanUnits, today)
}

async function load(
  worldUrl: string,
  fsp: { importHistory(history: DepotHistory): Promise<void> },
  sites: readonly { depotId: string }[],
  today: LocalDate,
): Promise<void> {
  const world = createClient(({ path, init }) => fetch(`${worldUrl}${path}`, init))
  for (const { depotId } of sites)
    for (let back = historyDays; back >= 1; back--) {
      const day = today.minusDays(back)
      const history = await world.call(worldOperations.readDepotHistory, { query: { depotId, day: day.toString() } })
      await fsp.importHistory(history)
    }
}
