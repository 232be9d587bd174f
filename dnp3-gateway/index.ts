/** The DNP3 gateway: polls the hubs that the server assigns to it and brings their measurements to the server. */
import type { Clock } from '../platform/clock/index.ts'
import type { Log } from '../platform/log/index.ts'
import { Outbox } from './delivery/outbox.ts'
import { ServerClient } from './delivery/server-client.ts'
import { Spool } from './delivery/spool.ts'
import { AssignmentKeeper } from './polling/assignment.ts'
import { Fleet } from './polling/fleet.ts'
import type { LinkSettings } from './polling/hub-link.ts'
import { PointMapCache } from './polling/point-map.ts'
import { quarantineDefaults } from './polling/quarantine.ts'
import { tickMs } from './polling/schedule.ts'
import { type HubStatus, reportOf } from './polling/status.ts'

export type { LinkSettings } from './polling/hub-link.ts'
export type { HubStatus } from './polling/status.ts'

export interface GatewayOptions {
  readonly gatewayId: string
  /** The server's address, without a slash at its end. */
  readonly serverUrl: string
  readonly clientId: string
  readonly clientSecret: string
  /** Where readings wait for the server; its own folder, used by no other gateway. */
  readonly spoolFolder: string
  /** Most that the spool may hold, octets; default 1 GiB. */
  readonly maxSpoolBytes?: number
  /** How often the assignment is asked for again, s; default 60. */
  readonly assignmentRefreshS?: number
  readonly link?: Partial<LinkSettings>
  readonly clock: Clock
  readonly log: Log
}

/** Totals since the start. */
export interface GatewayCounters {
  hubs: number
  hubsOnline: number
  /** Polls tried, failed ones among them. */
  polls: number
  failedPolls: number
  malformedFrames: number
  unmappedPoints: number
  /** Readings taken from hubs, acknowledged by the server, waiting in the spool, and refused because it was full. */
  readings: number
  delivered: number
  waiting: number
  refusedReadings: number
  /** Batches that the server refused for what they say. */
  refusedBatches: number
}

export interface RunningGateway {
  counters(): GatewayCounters
  hubs(): Readonly<HubStatus>[]
  /** Stops polling, sends what waits if the server takes it, and closes the spool. */
  close(): Promise<void>
}

const linkDefaults: LinkSettings = {
  responseTimeoutMs: 5_000,
  connectTimeoutMs: 10_000,
  keepAliveMs: 60_000,
  linkTimeoutMs: 10_000,
  reconnectMinMs: 1_000,
  reconnectMaxMs: 60_000,
  driftCheckMs: 600_000,
  quarantine: quarantineDefaults,
}

const defaultMaxSpoolBytes = 1024 ** 3

/** Hub reports go to the server this often. */
const reportMs = 60_000

/**
 * Starts a gateway. All that recurs follows the clock: with a simulated one, whatever is due at an instant has been polled, delivered
 * and acknowledged before time goes on. It starts even while the server is away.
 */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const { clock, log, spoolFolder: folder, serverUrl, clientId, clientSecret } = options
  const spool = Spool.open({ folder, maxBytes: options.maxSpoolBytes ?? defaultMaxSpoolBytes, log })
  const client = new ServerClient(serverUrl, clientId, clientSecret)
  const outbox = new Outbox({ spool, client, clock, log, folder, random: Math.random })
  const settings = { ...linkDefaults, ...options.link }
  const fleet = new Fleet({ clock, log, spool, maps: new PointMapCache(), settings })
  const assignment = new AssignmentKeeper({
    ...{ client, clock, log, folder, refreshMs: (options.assignmentRefreshS ?? 60) * 1000 },
    onAssignment: (given) => fleet.assign(given),
  })
  await assignment.start()
  const poll = async (atMs: number) => {
    await fleet.tick(atMs)
    await outbox.flush()
  }
  const timers = [
    clock.every('gateway polls', tickMs, (at) => poll(at.toEpochMilli()), { overlapping: true }),
    clock.every('gateway hub reports', reportMs, () => report(client, fleet, log)),
  ]
  return {
    counters: () => countersOf(fleet.statuses(), spool, outbox),
    hubs: () => fleet.statuses(),
    async close() {
      for (const timer of timers) timer.cancel()
      assignment.close()
      await fleet.close()
      await outbox.flush()
      await outbox.close()
      spool.close()
    },
  }
}

/** A report that does not arrive is not sent again: the next one says more. */
async function report(client: ServerClient, fleet: Fleet, log: Log): Promise<void> {
  const reports = fleet.statuses().map(reportOf)
  if (reports.length === 0) return
  const answer = await client.postReports(reports)
  if (!answer.ok) log.debug({ detail: answer.detail }, 'server does not take the hub reports')
}

function countersOf(hubs: readonly Readonly<HubStatus>[], spool: Spool, outbox: Outbox): GatewayCounters {
  const sum = (count: (hub: Readonly<HubStatus>) => number) => hubs.reduce((total, hub) => total + count(hub), 0)
  return {
    hubs: hubs.length,
    hubsOnline: sum((hub) => (hub.link === 'online' ? 1 : 0)),
    polls: sum((hub) => hub.polls),
    failedPolls: sum((hub) => hub.failedPolls),
    malformedFrames: sum((hub) => hub.malformedFrames),
    unmappedPoints: sum((hub) => hub.unmappedPoints),
    readings: sum((hub) => hub.readings),
    delivered: outbox.delivered,
    waiting: spool.size.readings,
    refusedReadings: spool.refusedReadings,
    refusedBatches: outbox.refusedBatches,
  }
}
