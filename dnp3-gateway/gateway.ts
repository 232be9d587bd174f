/** The DNP3 gateway: polls the hubs that the server assigns to it and brings their measurements to the server. */
import type { Clock, Timer } from '../platform/clock/index.ts'
import type { Listener } from '../platform/http/index.ts'
import type { Log } from '../platform/log/index.ts'
import { type MetricsPlace, type ProcessMetrics, serveMetrics } from '../platform/metrics/index.ts'
import { type SpanMaker, tracedClock } from '../platform/tracing/index.ts'
import { countersOf, figuresOf, type GatewayCounters } from './counters.ts'
import { Outbox } from './delivery/outbox.ts'
import { ofItself, report } from './delivery/reports.ts'
import { ServerClient } from './delivery/server-client.ts'
import { Spool } from './delivery/spool.ts'
import type { TlsFiles } from './dnp3/index.ts'
import { GatewayMetrics } from './metrics.ts'
import { AssignmentKeeper } from './polling/assignment.ts'
import { beliefDefaults } from './polling/belief.ts'
import { Certificate } from './polling/certificate.ts'
import { Fleet } from './polling/fleet.ts'
import { Gate } from './polling/gate.ts'
import type { LinkSettings } from './polling/link-context.ts'
import { permitter, readAndSetTime } from './polling/permissions.ts'
import { PointMapCache } from './polling/point-map.ts'
import { quarantineDefaults } from './polling/quarantine.ts'
import { type DialInOptions, Reception } from './polling/reception.ts'
import { tickMs } from './polling/schedule.ts'
import { type HubStatus, reportOf } from './polling/status.ts'

export interface GatewayOptions extends MetricsPlace {
  readonly gatewayId: string
  /** The server's address, without a slash at its end. */
  readonly serverUrl: string
  readonly clientId: string
  readonly clientSecret: string
  /** Bind access tokens to a key of this process (DPoP); `serverUrl` must then be the server's public address. */
  readonly dpop?: boolean
  /** Where readings wait for the server; its own folder, used by no other gateway. */
  readonly spoolFolder: string
  /** Most that the spool may hold, octets; default 1 GiB. */
  readonly maxSpoolBytes?: number
  /** How often the assignment is asked for again, s; default 60. */
  readonly assignmentRefreshS?: number
  /** Certificate, key and authorities (PEM) for hubs that are called by mutual TLS; read again when the files change. */
  readonly tlsFiles?: TlsFiles
  /** Where monitors behind a mobile network call; by default nowhere. */
  readonly dialIn?: DialInOptions
  /** DNP3 function codes that may be sent to hubs (confirms apart); by default those that read and set the time. */
  readonly allowedFunctions?: readonly number[]
  /** What the process as such tells Prometheus, shown with the gateway's own. */
  readonly metrics?: ProcessMetrics
  /** What makes its spans; without it, it is not traced. */
  readonly tracing?: SpanMaker
  readonly link?: Partial<LinkSettings>
  readonly clock: Clock
  readonly log: Log
}

export interface RunningGateway {
  counters(): GatewayCounters
  hubs(): Readonly<HubStatus>[]
  /** Where the metrics are, such as `http://127.0.0.1:9100/metrics`; `null` without a metrics port. */
  readonly metricsUrl: string | null
  /** Ports at which hubs call, for plain TCP and for TLS; `null` where they cannot. */
  readonly dialInPort: number | null
  readonly dialInTlsPort: number | null
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
  callPerPollFromS: 300,
  belief: beliefDefaults,
  quarantine: quarantineDefaults,
}

const defaultMaxSpoolBytes = 1024 ** 3

/** Hub reports go to the server this often. */
const reportMs = 60_000

/**
 * Starts a gateway. All that recurs follows the clock: with a simulated one, whatever is due at an instant has been polled, delivered
 * and acknowledged before time goes on. It starts even while the server is away.
 */
export async function startGateway(given: GatewayOptions): Promise<RunningGateway> {
  const options = { ...given, clock: tracedClock(given.clock, given.tracing) }
  const { clock, log, spoolFolder: folder } = options
  const certificate = options.tlsFiles === undefined ? null : Certificate.open(options.tlsFiles, clock, log)
  const settings = { ...linkDefaults, ...options.link }
  const reception = await receptionOf(options, settings, certificate).catch((error: unknown) => {
    certificate?.close()
    throw error
  })
  const figures = new GatewayMetrics()
  const spool = spoolOf(options, figures)
  const client = new ServerClient(options.serverUrl, options.clientId, options.clientSecret, options.dpop)
  const outbox = new Outbox({ spool, client, clock, log, folder, random: Math.random })
  const fleet = new Fleet({
    clock,
    log,
    spool,
    maps: new PointMapCache(),
    gate: new Gate(),
    settings,
    reception,
    identity: certificate?.identity ?? null,
    permits: permitter(options.allowedFunctions ?? readAndSetTime),
  })
  const counters = () => countersOf(fleet, spool, outbox, reception)
  const gatewayText = async () =>
    `${(await options.metrics?.text()) ?? ''}${await figures.gatewayText(figuresOf(counters()))}`
  const metrics = await serveMetrics(options, 'the gateway’s metrics', {
    // Of 10,000 hubs that is a long page: it is one of its own.
    pages: { '/metrics': gatewayText, '/metrics/hubs': () => figures.hubsText(fleet.statuses()) },
    readiness: async () =>
      assignment.holds(clock.now().toEpochMilli()) ? null : 'The server has assigned no hubs yet.',
  }).catch(async (error: unknown) => {
    spool.close()
    certificate?.close()
    await reception?.close()
    throw error
  })
  const assignment = new AssignmentKeeper({
    client,
    clock,
    log,
    folder,
    refreshMs: (options.assignmentRefreshS ?? 60) * 1000,
    onAssignment: (given) => fleet.assign(given),
  })
  await assignment.start()
  const timers = startTimers(clock, { assignment, fleet, outbox }, () =>
    report(client, fleet.statuses().map(reportOf), ofItself(counters(), spool, certificate), log),
  )
  return {
    counters,
    hubs: () => fleet.statuses(),
    dialInPort: reception?.port ?? null,
    dialInTlsPort: reception?.tlsPort ?? null,
    metricsUrl: metrics === null ? null : `${metrics.url}/metrics`,
    close: () => stop({ timers, assignment, certificate, metrics, fleet, reception, outbox, spool }),
  }
}

/** What a gateway consists of once it runs. */
interface Parts {
  timers: Timer[]
  assignment: AssignmentKeeper
  certificate: Certificate | null
  metrics: Listener | null
  fleet: Fleet
  reception: Reception | null
  outbox: Outbox
  spool: Spool
}

async function stop({ timers, assignment, certificate, metrics, fleet, reception, outbox, spool }: Parts) {
  for (const timer of timers) timer.cancel()
  assignment.close()
  certificate?.close()
  await metrics?.close(0)
  await fleet.close()
  await reception?.close()
  await assignment.leave()
  await outbox.flush()
  await outbox.close()
  spool.close()
}

function spoolOf({ spoolFolder, maxSpoolBytes, clock, log }: GatewayOptions, figures: GatewayMetrics): Spool {
  return Spool.open({
    folder: spoolFolder,
    maxBytes: maxSpoolBytes ?? defaultMaxSpoolBytes,
    log,
    nowMs: () => clock.now().toEpochMilli(),
    onDelivered: (lagMs) => figures.delivered(lagMs),
  })
}

/** The polls, each followed by its delivery, and the reports on hubs. */
function startTimers(
  clock: Clock,
  { assignment, fleet, outbox }: Pick<Parts, 'assignment' | 'fleet' | 'outbox'>,
  reportHubs: () => Promise<void>,
): Timer[] {
  const polling = new Set<Promise<unknown>>()
  const poll = async (atMs: number) => {
    const tick = assignment.holds(atMs) ? fleet.tick(atMs) : Promise.resolve()
    polling.add(tick)
    // What came since the last tick does not wait for the slowest hub of this one.
    await Promise.all([outbox.flush(), tick]).finally(() => polling.delete(tick))
    await outbox.flush()
  }
  return [
    clock.every('gateway polls', tickMs, (at) => poll(at.toEpochMilli()), { overlapping: true }),
    clock.every('gateway hub reports', reportMs, async () => {
      // Reports fall due with the polls of the full minute, and are to tell of them: else a hub that has come back looks lost a minute longer.
      await Promise.allSettled(polling)
      await reportHubs()
    }),
  ]
}

async function receptionOf(
  { dialIn, clock, log }: GatewayOptions,
  settings: LinkSettings,
  certificate: Certificate | null,
): Promise<Reception | null> {
  if (dialIn?.port === undefined && dialIn?.tlsPort === undefined) return null
  const { keepAliveMs, linkTimeoutMs } = settings
  const now = () => clock.now().toEpochMilli()
  return Reception.open({ ...dialIn, keepAliveMs, linkTimeoutMs, now, identity: certificate?.identity ?? null, log })
}
