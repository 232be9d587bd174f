import { readDepots } from '../../seeds/index.ts'
import type { RunningSystem } from '../system/system.ts'
import type { Control } from './controls.ts'

/** The depot whose hub falls silent, and the one at which somebody leaves a load on. */
const [silentDepot, loadedDepot] = ['islington', 'orpington'] as const

/** How much more than its authorised capacity the load takes, so that no profile and no charging less can make room for it. */
const beyondAsc = 1.3

/** What a visitor can provoke in a running demo: a communication failure, a breach and the outage of an FSP. */
export async function provocations(
  system: Pick<RunningSystem, 'hubs' | 'chargePoints' | 'homes' | 'setHomesOutage'>,
): Promise<Control[]> {
  const { depots } = await readDepots()
  const depotOf = (id: string) => {
    const depot = depots.find(({ depotId }) => depotId === id)
    if (!depot) throw new Error(`the seeds have no depot ${id}`)
    return depot
  }
  const [silent, loaded] = [depotOf(silentDepot), depotOf(loadedDepot)]
  const relay = silent.hubId === null ? null : system.hubs.hub(silent.hubId).relay
  if (!relay) throw new Error(`the hub of ${silent.name} is not behind a relay`)
  const on = { hub: false, load: false }
  const loadW = Math.round(loaded.ascKva * 1_000 * beyondAsc)
  return [
    {
      id: 'hub',
      title: `Communication failure at ${silent.name}`,
      what: `The line to the hub of ${silent.name} carries nothing. After three minutes its state is unknown and an alarm is raised (Hubs, Alarms); both end by themselves once the line is back.`,
      begin: 'Cut the line',
      end: 'Restore the line',
      isOn: () => on.hub,
      async set(isOn) {
        on.hub = isOn
        relay.silence(isOn)
        // A half-open connection would stay so: the gateway connects again.
        if (!isOn) relay.cut()
      },
    },
    {
      id: 'load',
      title: `Breach at ${loaded.name}`,
      what: `Somebody leaves ${Math.round(loadW / 1_000)} kW of heaters on at ${loaded.name}, more than its authorised capacity. The hub sees it within a minute or two; the depot’s charge points make what room they can, and a breach is recorded and alarmed (Connections, Alarms).`,
      begin: 'Switch the heaters on',
      end: 'Switch the heaters off',
      isOn: () => on.load,
      async set(isOn) {
        on.load = isOn
        system.chargePoints.controls.addLoad(loaded.depotId, isOn ? loadW : 0)
      },
    },
    {
      id: 'fsp',
      title: 'Outage of the FSP of homes',
      what: 'The second FSP, of homes, is down: it takes no instructions and submits no schedules. The next turn-down of product B or C that is due cannot be delivered, and an alarm says so (Dispatch, Alarms).',
      begin: 'Stop the FSP',
      end: 'Start the FSP',
      isOn: () => system.homes === null,
      set: (isOn) => system.setHomesOutage(isOn),
    },
  ]
}
