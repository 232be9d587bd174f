import type { HubState } from '../../../schemas/grid/connections.ts'
import { nobodyOf } from './holders.ts'
import type { HubRecord } from './store.ts'

/** A hub as lists show it, with the state of its link. */
export function viewHub(row: HubRecord): HubState {
  const { hubId, name, connectionId, link, polls, failedPolls, malformedFrames, unmappedPoints, clockDriftMs } = row
  return {
    hubId,
    name,
    connectionId,
    nodeId: row.nodeId,
    link,
    polls,
    failedPolls,
    malformedFrames,
    unmappedPoints,
    clockDriftMs,
    lastAnswerAt: row.lastAnswerAt?.toString() ?? null,
    lastMeasurementAt: row.lastMeasurementAt?.toString() ?? null,
    communicationFailure: row.failedSince !== null,
    ownership: row.ownership,
    refusedReadings: row.refusedReadings,
    eventGaps: row.eventGaps,
    restarts: row.restarts,
    quarantinedUntil: row.quarantinedUntil?.toString() ?? null,
    unmapped: row.unmapped ?? [],
    complaints: row.complaints ?? [],
    pool: row.pool,
    pointMapName: row.pointMapName,
    ...(row.pool !== null && row.gatewayId === nobodyOf(row.pool) ? {} : { gatewayId: row.gatewayId }),
  }
}
