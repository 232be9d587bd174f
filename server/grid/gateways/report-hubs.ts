import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import type { gatewayOperations } from '../../../schemas/grid/gateway.ts'
import type { Verb } from '../../kit/index.ts'
import { clearAlarm, openSources, raiseAlarm } from '../alarms/index.ts'
import { type HubRecord, noteHeartbeats } from '../hubs/index.ts'
import { takeGatewayReport } from './gateway-alarms.ts'
import { noteContact, saveReports } from './store.ts'

/** A device's clock that is off by more than this raises an alarm (FM24), ms. */
const clockDriftMs = 2_000

/** Saves a gateway's report on its links and itself; raises alarms for clock drift (FM24), a full spool and an expiring certificate. */
export const reportHubs: Verb<typeof gatewayOperations.reportHubs> = async ({ db, at, actor, body, announce }) => {
  const { gatewayId } = actor
  const { hubs, gateway } = body
  // Hubs are locked before the gateway's own row, in the same order as measurements lock them.
  const saved = await saveReports(db, gatewayId, hubs)
  await noteContact(db, gatewayId, at)
  const own = new Set(saved.map((hub) => hub.hubId))
  await noteHeartbeats(
    db,
    hubs.filter((hub) => own.has(hub.hubId)).map((hub) => ({ hubId: hub.hubId, answeredAt: hub.lastAnswerAt })),
  )
  const flagged = gateway !== undefined && (await takeGatewayReport(db, at, gatewayId, gateway))
  const clocks = await flagClocks(db, at, saved)
  announce('telemetry')
  if (clocks || flagged) announce('alarms')
}

async function flagClocks(
  tx: Queryable,
  at: Instant,
  hubs: readonly Pick<HubRecord, 'hubId' | 'name' | 'clockDriftMs'>[],
): Promise<boolean> {
  const open = new Set((await openSources(tx, 'clock-drift')).map((source) => source.id))
  let changed = false
  for (const { hubId, name, clockDriftMs: driftMs } of hubs) {
    if (driftMs === null) continue
    const off = Math.abs(driftMs) > clockDriftMs
    if (off === open.has(hubId)) continue
    const seconds = (Math.abs(driftMs) / 1000).toFixed(1)
    const raised = {
      kind: 'clock-drift' as const,
      source: { type: 'hub' as const, id: hubId, name },
      message: `The clock of ${name} is ${seconds} s ${driftMs > 0 ? 'ahead of' : 'behind'} its gateway’s.`,
    }
    const done = off ? raiseAlarm(tx, at, raised) : clearAlarm(tx, at, { kind: 'clock-drift', sourceId: hubId })
    changed = (await done) || changed
  }
  return changed
}
