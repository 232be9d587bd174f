import type { Outbox } from './delivery/outbox.ts'
import type { Spool } from './delivery/spool.ts'
import type { Figure } from './metrics.ts'
import type { Fleet } from './polling/fleet.ts'
import type { Reception } from './polling/reception.ts'

/** Totals since the start. */
export interface GatewayCounters {
  hubs: number
  hubsOnline: number
  hubsQuarantined: number
  /** Polls tried, failed ones among them. */
  polls: number
  failedPolls: number
  malformedFrames: number
  /** Callers that were no hub of this gateway. */
  turnedAway: number
  unmappedPoints: number
  /** Readings taken from hubs, acknowledged by the server, waiting in the spool, and refused because it was full. */
  readings: number
  /** Readings not sent, because they were within their dead band. */
  leftOut: number
  delivered: number
  waiting: number
  refusedReadings: number
  /** Batches that the server refused for what they say. */
  refusedBatches: number
  /** Posts of measurements that the server did not take. */
  failedDeliveries: number
  spoolBytes: number
  /** Octets of the spool that a power cut would cost. */
  unsyncedBytes: number
}

const figures: Record<keyof GatewayCounters, Omit<Figure, 'value'>> = {
  hubs: { name: 'hubs', help: 'Hubs assigned', type: 'gauge' },
  hubsOnline: { name: 'hubs_online', help: 'Hubs that answered their last poll', type: 'gauge' },
  hubsQuarantined: {
    name: 'hubs_quarantined',
    help: 'Hubs left alone because they send malformed frames',
    type: 'gauge',
  },
  polls: { name: 'polls_total', help: 'Polls tried', type: 'counter' },
  failedPolls: { name: 'failed_polls_total', help: 'Polls without an answer', type: 'counter' },
  malformedFrames: { name: 'malformed_frames_total', help: 'Malformed DNP3 frames', type: 'counter' },
  turnedAway: { name: 'callers_turned_away_total', help: 'Callers that were no hub of this gateway', type: 'counter' },
  unmappedPoints: { name: 'unmapped_points_total', help: 'Points that no point map knows', type: 'counter' },
  readings: { name: 'readings_total', help: 'Readings taken from hubs', type: 'counter' },
  leftOut: { name: 'left_out_readings_total', help: 'Readings within their dead band', type: 'counter' },
  delivered: { name: 'delivered_readings_total', help: 'Readings that the server acknowledged', type: 'counter' },
  waiting: { name: 'waiting_readings', help: 'Readings that wait in the spool', type: 'gauge' },
  refusedReadings: { name: 'refused_readings_total', help: 'Readings refused by a full spool', type: 'counter' },
  refusedBatches: { name: 'refused_batches_total', help: 'Batches that the server refused', type: 'counter' },
  failedDeliveries: { name: 'failed_deliveries_total', help: 'Posts that the server did not take', type: 'counter' },
  spoolBytes: { name: 'spool_bytes', help: 'Size of the spool on disk', type: 'gauge' },
  unsyncedBytes: { name: 'unsynced_spool_bytes', help: 'What a power cut would cost', type: 'gauge' },
}

export function countersOf(fleet: Fleet, spool: Spool, outbox: Outbox, reception: Reception | null): GatewayCounters {
  const hubs = fleet.statuses()
  const { readings: waiting, bytes: spoolBytes, unsyncedBytes } = spool.size
  return {
    hubs: hubs.length,
    hubsOnline: hubs.filter((hub) => hub.link === 'online').length,
    hubsQuarantined: hubs.filter((hub) => hub.quarantinedUntilMs !== null).length,
    ...fleet.totals(),
    delivered: outbox.delivered,
    waiting,
    refusedReadings: spool.refusedReadings,
    spoolBytes,
    unsyncedBytes,
    turnedAway: reception?.turnedAway ?? 0,
    refusedBatches: outbox.refusedBatches,
    failedDeliveries: outbox.failures,
  }
}

/** Counters as metrics. */
export function figuresOf(counters: GatewayCounters): Figure[] {
  return (Object.keys(figures) as (keyof GatewayCounters)[]).map((key) => ({ ...figures[key], value: counters[key] }))
}
