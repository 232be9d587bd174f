import type { Clock } from '../../../platform/clock/index.ts'
import type { Log } from '../../../platform/log/index.ts'
import { gatewaysFor } from '../../routes/index.ts'
import type { AuthorizationKeys } from '../charge-points/charge-point.ts'
import type { WorldSeeds } from '../sites/site.ts'
import { layOut, type Mounting } from '../vehicles/layout.ts'
import { SimulatedGateways } from './gateway.ts'

/** The gateways of a simulated world. */
export interface WorldGateways {
  /** Where a charge point connects; `null`: to the FSP itself. */
  urlFor(depotId: string, mounting: Mounting): string | null
  connect(): Promise<void>
  /** Waits until the FSP has heard what the charge points have said. */
  settle(): Promise<void>
  hold(gatewayId: string, isHeld: boolean): Promise<void>
  close(): Promise<void>
}

interface Options extends Pick<WorldSeeds, 'depots' | 'models'> {
  ocppUrl: string
  keys: AuthorizationKeys
  ca?: string
  seed: number
  clock: Clock
  log: Log
  /** What the way over the air is like; without it there are no gateways. */
  withGateways?: { latencyMs: number; lossShare: number }
}

/** Makes the gateways that the depots' charge points need: two for a site with controllers, one for each back office. */
export async function gatewaysOf(options: Options): Promise<WorldGateways> {
  const made = new Map<string, SimulatedGateways>()
  const keyFor = (depotId: string, { identity, route, backOffice }: Mounting) =>
    gatewaysFor({ route, depotId, backOffice, identity }).sort().join(' ')
  const { depots, models, withGateways, ocppUrl, keys, ca, seed, clock, log } = options
  if (withGateways)
    for (const depot of depots)
      for (const mounting of layOut(depot, models)) {
        const key = keyFor(depot.depotId, mounting)
        if (key === '' || made.has(key)) continue
        const isOverTheAir = mounting.route === 'over-the-air'
        const gateways = new SimulatedGateways({
          gatewayIds: key.split(' '),
          url: ocppUrl.replace(/\/ocpp\/*$/, ''),
          password: (gatewayId) => keys.of(gatewayId),
          ...(ca === undefined ? {} : { ca }),
          nowMs: () => clock.now().toEpochMilli(),
          log,
          seed,
          // The controllers of a site are on a wired line.
          ...(isOverTheAir ? withGateways : {}),
        })
        await gateways.listen()
        made.set(key, gateways)
      }
  const all = () => [...made.values()]
  return {
    urlFor: (depotId, mounting) => made.get(keyFor(depotId, mounting))?.ocppUrl ?? null,
    async connect() {
      await Promise.all(all().map((each) => each.connect()))
    },
    async settle() {
      await Promise.all(all().map((each) => each.settle()))
    },
    async hold(gatewayId, isHeld) {
      const [, found] = [...made].find(([key]) => key.split(' ').includes(gatewayId)) ?? []
      if (!found) throw new Error(`the simulated world has no gateway ${gatewayId}`)
      await found.hold(gatewayId, isHeld)
    },
    async close() {
      await Promise.all(all().map((each) => each.close()))
    },
  }
}
