import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Instant } from '@js-joda/core'
import { Hono } from 'hono'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import { listen } from '../../../platform/http/index.ts'
import { createLog } from '../../../platform/log/index.ts'
import { worldOperations } from '../../../schemas/fsp/simulation.ts'
import type { HubAssignment, MappedPoint } from '../../../schemas/grid/gateway.ts'
import { type GatewayOptions, type RunningGateway, startGateway } from '../../index.ts'
import { type RunningHubs, type SimulatedHubOptions, startHubSimulator } from '../../simulator/index.ts'
import { Dno } from './dno.ts'

export const start = Instant.parse('2026-01-15T06:00:00Z')

const quantities = ['voltage', 'current', 'active-power', 'reactive-power'] as const

/** The map of a VisNet-like monitor, as the server's documentation lays it out. */
export function monitorMap(feeders: readonly number[]): MappedPoint[] {
  const phases = feeders.flatMap((feeder) =>
    (['L1', 'L2', 'L3'] as const).flatMap((phase, p) =>
      quantities.map((quantity, q) => ({
        group: 30,
        index: (feeder - 1) * 12 + p * 4 + q,
        feeder,
        phase,
        quantity,
        scale: 1,
      })),
    ),
  )
  return [
    ...phases,
    { group: 30, index: 1000, feeder: 0, phase: 'none', quantity: 'temperature', scale: 1 },
    { group: 1, index: 0, feeder: 0, phase: 'none', quantity: 'status', scale: 1 },
  ]
}

/** Identifier of the nth hub of a test. */
export function hubIdOf(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
}

export interface RigOptions {
  readonly hubs?: number
  readonly hub?: Partial<SimulatedHubOptions>
  readonly gateway?: Partial<GatewayOptions>
  readonly assignment?: Partial<HubAssignment>
}

/** Hubs, a gateway and the DNO's end over real sockets, on a clock that the test moves. */
export interface Rig extends AsyncDisposable {
  readonly clock: SimulatedClock
  readonly dno: Dno
  readonly hubs: RunningHubs
  gateway: RunningGateway
  /** Power on every depot's feeders, W. */
  readonly feedersW: Record<string, number>
  readonly folder: string
  /** Moves time on by so many seconds. */
  pass(seconds: number): Promise<void>
  /** Starts the gateway again on the same spool. */
  restartGateway(options?: Partial<GatewayOptions>): Promise<void>
}

/** Time-outs that a busy machine does not run into; tests of silence have their own. */
const link = { responseTimeoutMs: 3_000, connectTimeoutMs: 3_000 }

export async function startRig(options: RigOptions = {}): Promise<Rig> {
  const clock = new SimulatedClock(start)
  const log = createLog('test', process.env['RINGMAIN_TEST_LOG'] ?? 'silent')
  const folder = mkdtempSync(join(tmpdir(), 'ringmain-spool-'))
  const feedersW: Record<string, number> = { '1': 30_000, '2': 60_000 }
  const world = await startWorld(feedersW, clock)
  const wanted = Array.from({ length: options.hubs ?? 1 }, (_, i) => hubOf(i + 1, options.hub))
  const hubs = await startHubSimulator({
    hubs: wanted,
    worldUrl: world.url,
    host: '127.0.0.1',
    relays: true,
    clock,
    log,
  })
  const dno = await Dno.start()
  dno.hubs = wanted.map((hub) => ({ ...assignmentOf(hub, hubs.ports.get(hub.hubId) ?? 0), ...options.assignment }))
  const serverUrl = dno.url
  const gatewayOptions = (more: Partial<GatewayOptions> = {}): GatewayOptions => ({
    gatewayId: dno.clientId,
    serverUrl,
    clientId: dno.clientId,
    clientSecret: dno.clientSecret,
    spoolFolder: folder,
    clock,
    log,
    ...options.gateway,
    ...more,
    link: { ...link, ...options.gateway?.link, ...more.link },
  })
  const rig: Rig = {
    clock,
    dno,
    hubs,
    feedersW,
    folder,
    gateway: await startGateway(gatewayOptions()),
    pass: (seconds) => clock.advanceTo(clock.now().plusMillis(seconds * 1000)),
    restartGateway: async (more) => {
      await rig.gateway.close()
      rig.gateway = await startGateway(gatewayOptions(more))
    },
    [Symbol.asyncDispose]: async () => {
      await rig.gateway.close()
      await hubs.close()
      await dno.close()
      await world.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return rig
}

export function hubOf(n: number, more: Partial<SimulatedHubOptions> = {}): SimulatedHubOptions {
  return { hubId: hubIdOf(n), depotId: `depot-${n}`, name: `Hub ${n}`, port: 0, address: 10, feeders: [1, 2], ...more }
}

export function assignmentOf({ hubId, name, address, feeders }: SimulatedHubOptions, port: number): HubAssignment {
  return {
    hubId,
    name,
    host: '127.0.0.1',
    port,
    localAddress: 1,
    remoteAddress: address,
    integrityPollS: 60,
    pointMap: monitorMap(feeders),
    storedSequence: 0,
  }
}

/** The simulated world: every depot has the same power on its feeders. */
async function startWorld(feedersW: Record<string, number>, clock: SimulatedClock) {
  const listener = await listen({ host: '127.0.0.1', port: 0, what: 'the test world', portSetting: 'nothing' })
  const app = new Hono()
  const depots = () => Array.from({ length: 60 }, (_, i) => ({ depotId: `depot-${i + 1}`, feedersW }))
  app.get(worldOperations.readWorld.path, (c) => c.json({ at: clock.now().toString(), depots: depots() }))
  listener.use((request) => app.fetch(request))
  return listener
}
