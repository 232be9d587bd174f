/** Simulated LV monitors: real DNP3 outstations that measure the simulated world. */
import type { Instant } from '@js-joda/core'
import type { Clock } from '../../platform/clock/index.ts'
import { messageOf } from '../../platform/errors/index.ts'
import type { Log } from '../../platform/log/index.ts'
import { type WorldState, worldOperations } from '../../schemas/fsp/simulation.ts'
import { createClient } from '../../schemas/vocabulary/client.ts'
import { SimulatedHub, type SimulatedHubOptions } from './hub.ts'

export interface HubSimulatorOptions {
  readonly hubs: readonly SimulatedHubOptions[]
  /** The charge-point simulator, which says what flows on each feeder. */
  readonly worldUrl: string
  readonly host: string
  /** Puts a relay that can be made to fail in front of each hub; for tests. */
  readonly relays?: boolean
  readonly clock: Clock
  readonly log: Log
}

export interface RunningHubs {
  /** Port of each hub, by hub identifier. */
  readonly ports: ReadonlyMap<string, number>
  /** Points in all answers so far, counted by the hubs themselves. */
  pointsAnswered(): number
  pointsAnsweredByHub(): Map<string, number>
  /** Throws if there is no such hub. */
  hub(hubId: string): SimulatedHub
  close(): Promise<void>
}

/** How often the hubs measure. */
const measureMs = 60_000

/** Longest wait for the world, real ms. */
const worldTimeoutMs = 10_000

/** Starts one outstation per hub. Each sets its points every minute to what flows then; while the world does not answer, values stay. */
export async function startHubSimulator(options: HubSimulatorOptions): Promise<RunningHubs> {
  const { worldUrl, host, clock, log } = options
  const hubs = new Map<string, SimulatedHub>()
  const closeAll = async () => {
    await Promise.all([...hubs.values()].map((hub) => hub.close()))
  }
  try {
    for (const each of options.hubs)
      hubs.set(each.hubId, await SimulatedHub.start(each, host, clock, options.relays === true))
  } catch (error) {
    await closeAll()
    throw error
  }
  let away = false
  const measure = async (at: Instant) => {
    try {
      const world = await readWorld(worldUrl)
      const feeders = new Map(world.depots.map((depot) => [depot.depotId, depot.feedersW]))
      for (const hub of hubs.values()) hub.measure(feeders.get(hub.options.depotId) ?? {}, at)
      away = false
    } catch (error) {
      if (!away)
        log.warn(
          { worldUrl, error: messageOf(error) },
          'the simulated world does not answer: hubs keep their last values',
        )
      away = true
    }
  }
  // A poll before the first full minute must find values.
  await measure(clock.now())
  const timer = clock.every('simulated hubs', measureMs, measure)
  return {
    ports: new Map([...hubs].map(([hubId, hub]) => [hubId, hub.port])),
    pointsAnswered: () => [...hubs.values()].reduce((sum, hub) => sum + hub.pointsAnswered, 0),
    pointsAnsweredByHub: () => new Map([...hubs].map(([hubId, hub]) => [hubId, hub.pointsAnswered])),
    hub: (hubId) => {
      const hub = hubs.get(hubId)
      if (!hub) throw new Error(`there is no simulated hub ${hubId}`)
      return hub
    },
    async close() {
      timer.cancel()
      await closeAll()
    },
  }
}

function readWorld(worldUrl: string): Promise<WorldState> {
  const client = createClient(({ path, init }) => fetch(`${worldUrl}${path}`, init))
  return client.call(worldOperations.readWorld, {}, { signal: AbortSignal.timeout(worldTimeoutMs) })
}
