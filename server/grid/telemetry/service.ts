import type { Instant } from '@js-joda/core'
import { asc, eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { HubState, LatestReading } from '../../../schemas/grid/connections.ts'
import type { GatewayReport, HubReport } from '../../../schemas/grid/gateway.ts'
import { type Actor, requireGateway, requirePerson, type ServerContext } from '../../kit/index.ts'
import { clearAlarm, openSources, raiseAlarm } from '../alarms/index.ts'
import { takeGatewayReport } from './gateway-alarms.ts'
import { nobodyOf } from './leases.ts'
import { telemetryDefaults } from './rules.ts'
import { type HubRecord, latestReadings, noteContact, saveReports } from './store.ts'
import { hub } from './tables.ts'

/** Takes over what a gateway says about its links and itself; flags clocks that are off (FM24), a full spool, a certificate that ends. */
export async function takeReports(
  context: ServerContext,
  actor: Actor | null,
  reports: readonly HubReport[],
  ofItself: GatewayReport | undefined,
): Promise<void> {
  const { gatewayId } = requireGateway(actor)
  const at = context.clock.now()
  const alarmed = await context.db.transaction(async (tx) => {
    // Hubs are locked before the gateway's own row, as measurements do it.
    const saved = await saveReports(tx, gatewayId, reports)
    await noteContact(tx, gatewayId, at)
    const flagged = ofItself !== undefined && (await takeGatewayReport(tx, at, gatewayId, ofItself))
    return (await flagClocks(tx, at, saved)) || flagged
  })
  context.announce('telemetry')
  if (alarmed) context.announce('alarms')
}

async function flagClocks(
  tx: Queryable,
  at: Instant,
  hubs: readonly Pick<HubRecord, 'hubId' | 'name' | 'clockDriftMs'>[],
): Promise<boolean> {
  const open = new Set((await openSources(tx, 'clock-drift')).map((source) => source.id))
  let changed = false
  for (const { hubId, name, clockDriftMs } of hubs) {
    if (clockDriftMs === null) continue
    const off = Math.abs(clockDriftMs) > telemetryDefaults.clockDriftMs
    if (off === open.has(hubId)) continue
    const seconds = (Math.abs(clockDriftMs) / 1000).toFixed(1)
    const raised = {
      kind: 'clock-drift' as const,
      source: { type: 'hub' as const, id: hubId, name },
      message: `The clock of ${name} is ${seconds} s ${clockDriftMs > 0 ? 'ahead of' : 'behind'} its gateway’s.`,
    }
    const done = off ? raiseAlarm(tx, at, raised) : clearAlarm(tx, at, { kind: 'clock-drift', sourceId: hubId })
    changed = (await done) || changed
  }
  return changed
}

function stateOf(row: HubRecord): HubState {
  const { hubId, name, connectionId, link, polls, failedPolls, malformedFrames, unmappedPoints, clockDriftMs } = row
  return {
    hubId,
    name,
    connectionId,
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
    pool: row.pool,
    pointMapName: row.pointMapName,
    ...(row.pool !== null && row.gatewayId === nobodyOf(row.pool) ? {} : { gatewayId: row.gatewayId }),
  }
}

/** All hubs, those that fail first. */
export async function listHubs(context: ServerContext, actor: Actor | null): Promise<HubState[]> {
  requirePerson(actor)
  const rows = await context.db.select().from(hub).orderBy(asc(hub.failedSince), asc(hub.name))
  return rows.map(stateOf)
}

/** NM01: the newest value of each point of a hub with its quality and both times. */
export async function readingsOf(context: ServerContext, actor: Actor | null, hubId: string): Promise<LatestReading[]> {
  requirePerson(actor)
  const [found] = await context.db.select({ hubId: hub.hubId }).from(hub).where(eq(hub.hubId, hubId))
  if (!found) throw new ProblemError('not-found', `There is no hub ${hubId}.`)
  return latestReadings(context.db, hubId)
}
