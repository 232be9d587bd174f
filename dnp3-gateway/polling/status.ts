import { Instant } from '@js-joda/core'
import type { HubReport } from '../../schemas/grid/gateway.ts'

const countNames = ['polls', 'failedPolls', 'malformedFrames', 'unmappedPoints', 'readings', 'leftOut'] as const

/** Counts of one hub, or of several. */
export type HubCounts = Record<(typeof countNames)[number], number>

/** What a gateway knows of one hub. Counts only grow, over all connections; `readings` went to the spool, `leftOut` were within their
 * dead band. */
export interface HubStatus extends HubCounts {
  readonly hubId: string
  name: string
  link: 'online' | 'offline'
  lastAnswerMs: number | null
  /** The first points that are not in its map, such as `g30:77`. */
  unmapped: string[]
  /** Readings lost because the spool was full; events among them stay in the hub. */
  refusedReadings: number
  /** Times that the hub's event buffer overflowed (FM23). */
  eventGaps: number
  restarts: number
  clockDriftMs: number | null
  /** What its last answer complained of, or held that is not understood: `IIN2.2 parameterError`, `g115v1`. */
  complaints: readonly string[]
  /** Until when the hub is left alone because it sent garbage, epoch ms. */
  quarantinedUntilMs: number | null
}

export function newHubStatus(hubId: string, name: string): HubStatus {
  return {
    hubId,
    name,
    link: 'offline',
    lastAnswerMs: null,
    polls: 0,
    failedPolls: 0,
    malformedFrames: 0,
    unmappedPoints: 0,
    readings: 0,
    leftOut: 0,
    refusedReadings: 0,
    eventGaps: 0,
    restarts: 0,
    clockDriftMs: null,
    complaints: [],
    quarantinedUntilMs: null,
    unmapped: [],
  }
}

/** Counts of a hub that is no longer polled, added to the others', so that totals never fall. */
export function addCounts(total: HubCounts, hub: Readonly<HubCounts>): void {
  for (const name of countNames) total[name] += hub[name]
}

/** Zero counts. */
export function noCounts(): HubCounts {
  return { polls: 0, failedPolls: 0, malformedFrames: 0, unmappedPoints: 0, readings: 0, leftOut: 0 }
}

/** What the gateway reports to the server about a hub. */
export function reportOf(status: HubStatus): HubReport {
  const { hubId, link, lastAnswerMs, polls, failedPolls, malformedFrames, unmappedPoints, clockDriftMs } = status
  return {
    hubId,
    link,
    polls,
    failedPolls,
    malformedFrames,
    unmappedPoints,
    clockDriftMs,
    lastAnswerAt: textOf(lastAnswerMs),
    refusedReadings: status.refusedReadings,
    eventGaps: status.eventGaps,
    restarts: status.restarts,
    quarantinedUntil: textOf(status.quarantinedUntilMs),
    ...(status.unmapped.length > 0 ? { unmapped: status.unmapped } : {}),
    ...(status.complaints.length > 0 ? { complaints: status.complaints.slice(0, 20) } : {}),
  }
}

function textOf(ms: number | null): string | null {
  return ms === null ? null : Instant.ofEpochMilli(ms).toString()
}
