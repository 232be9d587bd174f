import { Hono } from 'hono'
import { type Listener, listen } from '../platform/http/index.ts'
import type { HubStatus } from './polling/status.ts'

/** Upper bounds of the delivery lag's buckets, s. */
const lagBounds = [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3_600] as const

/** How long batches took from a hub's answer to the server's acknowledgement, counted by bucket. */
export class LagHistogram {
  readonly #counts: number[] = lagBounds.map(() => 0)
  #count = 0
  #sumS = 0

  add(lagMs: number): void {
    this.#count++
    this.#sumS += lagMs / 1000
    const bucket = lagBounds.findIndex((bound) => lagMs <= bound * 1000)
    if (bucket >= 0) this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1
  }

  /** As the Prometheus text format has it: buckets are cumulative. */
  lines(name: string, help: string): string[] {
    let below = 0
    const buckets = lagBounds.map((bound, i) => {
      below += this.#counts[i] ?? 0
      return `${name}_bucket{le="${bound}"} ${below}`
    })
    return [
      ...[`# HELP ${name} ${help}`, `# TYPE ${name} histogram`, ...buckets],
      ...[`${name}_bucket{le="+Inf"} ${this.#count}`, `${name}_sum ${this.#sumS}`, `${name}_count ${this.#count}`],
    ]
  }
}

/** One figure of a gateway as a whole. */
export interface Figure {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge'
  readonly value: number
}

/** Figures kept per hub. */
const hubFigures: readonly (Omit<Figure, 'value'> & { of: (hub: Readonly<HubStatus>) => number | null })[] = [
  {
    name: 'hub_online',
    help: 'Whether the last poll was answered',
    type: 'gauge',
    of: (h) => (h.link === 'online' ? 1 : 0),
  },
  { name: 'hub_polls_total', help: 'Polls tried', type: 'counter', of: (h) => h.polls },
  { name: 'hub_failed_polls_total', help: 'Polls without an answer', type: 'counter', of: (h) => h.failedPolls },
  { name: 'hub_readings_total', help: 'Readings taken', type: 'counter', of: (h) => h.readings },
  {
    name: 'hub_left_out_readings_total',
    help: 'Readings within their dead band',
    type: 'counter',
    of: (h) => h.leftOut,
  },
  { name: 'hub_malformed_frames_total', help: 'Malformed frames', type: 'counter', of: (h) => h.malformedFrames },
  { name: 'hub_unmapped_points_total', help: 'Points without a meaning', type: 'counter', of: (h) => h.unmappedPoints },
  { name: 'hub_event_gaps_total', help: 'Overflows of the event buffer', type: 'counter', of: (h) => h.eventGaps },
  { name: 'hub_restarts_total', help: 'Restarts of the hub', type: 'counter', of: (h) => h.restarts },
  {
    name: 'hub_quarantined',
    help: 'Whether it is left alone',
    type: 'gauge',
    of: (h) => (h.quarantinedUntilMs === null ? 0 : 1),
  },
  {
    name: 'hub_clock_drift_seconds',
    help: 'How far its clock is ahead of the gateway’s',
    type: 'gauge',
    of: (h) => (h.clockDriftMs === null ? null : h.clockDriftMs / 1000),
  },
  {
    name: 'hub_last_answer_timestamp_seconds',
    help: 'When it last answered a poll',
    type: 'gauge',
    of: (h) => (h.lastAnswerMs === null ? null : h.lastAnswerMs / 1000),
  },
]

const prefix = 'ringmain_gateway_'

/** The figures of a gateway in the Prometheus text format. */
export function figuresText(figures: readonly Figure[], lag: LagHistogram): string {
  const lines = figures.flatMap(({ name, help, type, value }) => [
    ...[`# HELP ${prefix}${name} ${help}`, `# TYPE ${prefix}${name} ${type}`, `${prefix}${name} ${value}`],
  ])
  const help = 'From a hub’s answer to the server’s acknowledgement'
  return `${[...lines, ...lag.lines(`${prefix}delivery_lag_seconds`, help)].join('\n')}\n`
}

/** The figures of each hub in the Prometheus text format. */
export function hubFiguresText(hubs: readonly Readonly<HubStatus>[]): string {
  const lines = hubFigures.flatMap(({ name, help, type, of }) => [
    ...[`# HELP ${prefix}${name} ${help}`, `# TYPE ${prefix}${name} ${type}`],
    ...hubs.flatMap((hub) => {
      const value = of(hub)
      return value === null ? [] : [`${prefix}${name}{hub="${hub.hubId}",name="${escaped(hub.name)}"} ${value}`]
    }),
  ])
  return `${lines.join('\n')}\n`
}

function escaped(label: string): string {
  return label.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n')
}

/** What a metrics port shows. */
export interface MetricsSource {
  gateway(): string
  hubs(): string
}

/** Serves `/metrics` for the gateway as a whole and `/metrics/hubs` for each hub: of 10,000 hubs that is a long page. */
export async function serveMetrics(host: string, port: number, source: MetricsSource): Promise<Listener> {
  const listener = await listen({
    host,
    port,
    what: 'the gateway’s metrics',
    portSetting: '--metrics-port or RINGMAIN_METRICS_PORT',
  })
  const app = new Hono()
  const type = { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }
  app.get('/metrics', (c) => c.body(source.gateway(), 200, type))
  app.get('/metrics/hubs', (c) => c.body(source.hubs(), 200, type))
  listener.use((request) => app.fetch(request))
  return listener
}
