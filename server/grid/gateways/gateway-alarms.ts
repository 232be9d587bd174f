import { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { AlarmKind, AlarmPriority } from '../../../schemas/grid/alarms.ts'
import type { GatewayReport } from '../../../schemas/grid/gateway.ts'
import { momentInWords } from '../../../schemas/vocabulary/time.ts'
import { clearAlarm, raiseAlarm, releaseAlarms } from '../alarms/index.ts'
import { gatewayPool, hub } from '../hubs/tables.ts'
import { gatewayContact } from './tables.ts'

const dayMs = 86_400_000

/** FM31: a certificate that expires within this many days raises an alarm, which escalates as the time gets shorter. */
const certificateSteps: readonly [days: number, priority: AlarmPriority][] = [
  [1, 'critical'],
  [7, 'high'],
  [30, 'low'],
]

/** How urgent the expiry of a certificate is; `null` while it is far off. */
export function certificatePriority(endsMs: number, nowMs: number): AlarmPriority | null {
  return certificateSteps.find(([days]) => endsMs - nowMs <= days * dayMs)?.[1] ?? null
}

/** Saves what a gateway reports about itself, and raises alarms for what people have to fix. */
export async function takeGatewayReport(
  tx: Queryable,
  at: Instant,
  gatewayId: string,
  report: GatewayReport,
): Promise<boolean> {
  await tx.execute(sql`
    update gateway_contact set report = ${JSON.stringify(report)}::text::jsonb where gateway_id = ${gatewayId}`)
  const source = { type: 'gateway' as const, id: gatewayId, name: gatewayId }
  const setAlarm = async (kind: AlarmKind, message: string | null, priority?: AlarmPriority) =>
    message === null
      ? clearAlarm(tx, at, { kind, sourceId: gatewayId })
      : raiseAlarm(tx, at, { kind, source, message, ...(priority === undefined ? {} : { priority }) })
  const full = report.spoolFull
    ? `The spool of ${gatewayId} is full (${report.waitingReadings} readings waiting): ${report.refusedReadings} have been refused so far.`
    : null
  const endsAt = report.certificateEndsAt
  const priority = endsAt === null ? null : certificatePriority(Date.parse(endsAt), at.toEpochMilli())
  const ends =
    endsAt === null || priority === null
      ? null
      : `The certificate of ${gatewayId} for its hubs expires at ${momentInWords(endsAt)}.`
  const changed = await setAlarm('measurements-refused', full)
  return (await setAlarm('certificate-expiring', ends, priority ?? 'low')) || changed
}

/**
 * Raises the alarm for a silent gateway of a pool: its hubs move to the others, so their silence does not reveal it. A gateway that
 * still has hubs is assessed by them.
 * @param openSources of the communication failures that were open before this pass.
 */
export async function checkPools(
  tx: Queryable,
  at: Instant,
  openSources: readonly { type: string; id: string }[],
): Promise<boolean> {
  const rows = await tx.execute<{ gateway_id: string; pool: string; last_contact_at: string; lost: boolean }>(sql`
    select g.id as gateway_id, p.name as pool, c.last_contact_at,
      c.last_contact_at < ${at.toString()}::timestamptz - p.lease_s * interval '1 s' as lost
    from ${gatewayPool} p cross join jsonb_array_elements_text(p.gateways) as g(id)
    join ${gatewayContact} c on c.gateway_id = g.id
    where not exists (select from hub where hub.gateway_id = g.id)`)
  const open = new Set(openSources.filter((source) => source.type === 'gateway').map((source) => source.id))
  let changed = await endForHubless(tx, at, open, new Set(rows.filter((row) => row.lost).map((row) => row.gateway_id)))
  for (const { gateway_id: id, pool, last_contact_at, lost } of rows) {
    if (!lost || open.has(id)) continue
    const since = Instant.ofEpochMilli(Date.parse(last_contact_at))
    const raised = await raiseAlarm(tx, at, {
      kind: 'communication-failure',
      priority: 'high',
      source: { type: 'gateway', id, name: id },
      message: `Nothing has arrived from gateway ${id} since ${momentInWords(since)}: other gateways of the pool ${pool} have taken over its hubs.`,
      action: 'Check the gateway and its line to the server. Other gateways poll its hubs meanwhile.',
    })
    changed = raised || changed
  }
  return changed
}

/**
 * A gateway whose hubs have moved to others no longer explains their silence. Its own alarm clears, unless it is one of the lost
 * gateways.
 */
async function endForHubless(
  tx: Queryable,
  at: Instant,
  open: ReadonlySet<string>,
  lost: ReadonlySet<string>,
): Promise<boolean> {
  if (open.size === 0) return false
  const holders = new Set((await tx.selectDistinct({ id: hub.gatewayId }).from(hub)).map((row) => row.id))
  let changed = false
  for (const id of open) {
    if (holders.has(id)) continue
    await releaseAlarms(tx, at, [id])
    if (!lost.has(id)) changed = (await clearAlarm(tx, at, { kind: 'communication-failure', sourceId: id })) || changed
  }
  return changed
}
