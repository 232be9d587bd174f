import { giveAuthority, registerFsp, registerUnit, silentControl, type TestFsp } from '../../../test/support/market.ts'
import type { DepotsScene } from './depots.ts'

/** An FSP of the DNO’s market, with an FU at each of some depots, called by the depot’s name. */
export interface DepotFsp extends TestFsp {
  companyName: string
  fuOf(depot: string): string
}

/** @param wholeSites depots whose FU is all that their hub measures. */
export async function registerDepotFsp(
  scene: DepotsScene,
  companyName: string,
  depots: Readonly<Record<string, number>>,
  control = silentControl,
  wholeSites: readonly string[] = [],
): Promise<DepotFsp> {
  const fsp = await registerFsp(scene, await scene.seeded('flex'), companyName, control)
  const fuIds = new Map<string, string>()
  for (const [depot, maxTurnDownW] of Object.entries(depots)) {
    const [{ mpan }, isWholeSite] = [scene.depot(depot), wholeSites.includes(depot)]
    await giveAuthority(await scene.seeded('flex'), fsp.client, mpan)
    const { fuId } = await registerUnit(fsp.client, `${depot} depot`, mpan, maxTurnDownW, isWholeSite)
    fuIds.set(depot, fuId)
  }
  return {
    ...fsp,
    companyName,
    fuOf(depot) {
      const fuId = fuIds.get(depot)
      if (!fuId) throw new Error(`${companyName} has no FU at ${depot}`)
      return fuId
    },
  }
}
