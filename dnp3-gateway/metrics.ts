import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { HubStatus } from './polling/status.ts'

/** Upper bounds of the delivery lag's buckets, s. */
const lagBounds = [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3_600]

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

/** Every metric's name begins with this. */
const prefix = 'ringmain_gateway_'

/** The metrics of one gateway: figures are read when they are asked for, the delivery lag is counted as it happens. */
export class GatewayMetrics {
  readonly #lag = new Registry()
  readonly #deliveryLag = new Histogram({
    name: `${prefix}delivery_lag_seconds`,
    help: 'From a hub’s answer to the server’s acknowledgement',
    buckets: lagBounds,
    registers: [this.#lag],
  })

  /** Counts a batch. @param lagMs from the hub's answer to the server's acknowledgement. */
  delivered(lagMs: number): void {
    this.#deliveryLag.observe(lagMs / 1000)
  }

  /** The figures of the gateway as a whole, and the delivery lag, in the Prometheus text format. */
  async gatewayText(figures: readonly Figure[]): Promise<string> {
    const registry = new Registry()
    for (const figure of figures) metricOf(figure, registry).inc(figure.value)
    return Registry.merge([registry, this.#lag]).metrics()
  }

  /** The figures of each hub in the Prometheus text format. */
  async hubsText(hubs: readonly Readonly<HubStatus>[]): Promise<string> {
    const registry = new Registry()
    for (const figure of hubFigures) {
      const metric = metricOf(figure, registry, ['hub', 'name'])
      for (const hub of hubs) {
        const value = figure.of(hub)
        if (value !== null) metric.inc({ hub: hub.hubId, name: hub.name }, value)
      }
    }
    return registry.metrics()
  }
}

/** A metric that starts at 0; what it shows is added once. */
function metricOf({ name, help, type }: Omit<Figure, 'value'>, registry: Registry, labelNames: string[] = []) {
  const settings = { name: `${prefix}${name}`, help, labelNames, registers: [registry] }
  return type === 'counter' ? new Counter(settings) : new Gauge(settings)
}
