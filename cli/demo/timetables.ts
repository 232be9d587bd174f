import { LocalTime } from '@js-joda/core'
import { dailyWindows } from '../../schemas/market/timetables.ts'
import { operations } from '../../schemas/operations.ts'
import type { PortalClient } from '../system/portal-client.ts'
import type { LocalUnit } from './market.ts'

/** Product C goes out so many hours before its window: at noon for 14:00 in its own timetable (domain section 4). */
export const leadHours = 2

/**
 * One person states a timetable for the node of every unit whose hour of product C the product's own timetable does not issue, and another
 * approves it. Without one a contract for 17:00 is never asked for anything: at noon only what begins at 14:00 goes out. A node with
 * a timetable is passed over.
 */
export async function stateLocalTimetables(
  engineer: Pick<PortalClient, 'api'>,
  approver: Pick<PortalClient, 'api'>,
  local: readonly LocalUnit[],
): Promise<void> {
  const timetables = (await engineer.api.all(operations.listTimetables, {})).filter(({ product }) => product === 'C')
  const settings = timetables.find(({ zoneNodeId, contractId }) => zoneNodeId === null && contractId === null)?.settings
  if (!settings) return
  const { rhythm } = settings
  const issued = rhythm.kind === 'single-window' ? [{ from: '00:00', to: '24:00' }] : dailyWindows(rhythm)
  const known = new Set(timetables.map(({ zoneNodeId }) => zoneNodeId))
  for (const { nodeId, product, hour } of local) {
    const isIssued = issued.some(({ from, to }) => from <= hour.from && hour.to <= to)
    if (product !== 'C' || isIssued || known.has(nodeId)) continue
    const at = LocalTime.parse(hour.from).minusHours(leadHours).toString()
    const own = { kind: 'windows' as const, daysAhead: 0, windows: [{ at, ...hour }] }
    const { proposalId, version } = await engineer.api.call(operations.changeTimetable, {
      params: { product },
      query: { zone: nodeId },
      body: { settings: { ...settings, rhythm: own }, inForceFrom: null },
      version: 0,
    })
    await approver.api.call(operations.approveProposal, { params: { id: proposalId }, version, body: {} })
  }
}
