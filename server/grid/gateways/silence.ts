import { Instant } from '@js-joda/core'
import { eq, max, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { momentInWords } from '../../../schemas/vocabulary/time.ts'
import type { ServerContext } from '../../kit/index.ts'
import { clearAlarm, openSources, raiseAlarm, raiseAlarms, releaseAlarms, suppressAlarms } from '../alarms/index.ts'
import { hub, hubContact } from '../hubs/tables.ts'
import { checkPools } from './gateway-alarms.ts'
import { assessSilence, type HubSilence, type SilenceVerdict } from './rules.ts'
import { gatewayContact } from './tables.ts'

/**
 * NM06: marks the hubs that have been silent for longer than their time-out, and raises one alarm for each cause.
 * @param listeningSince since when this system has been listening: silence before that is its own, not the hubs'.
 */
export async function checkSilence(context: ServerContext, at: Instant, listeningSince: Instant): Promise<void> {
  const changed = await context.db.transaction(async (tx) => {
    const verdict = assessSilence(await readSilence(tx, listeningSince), at.toEpochMilli())
    await markFailed(tx, at, verdict)
    const sources = await openSources(tx, 'communication-failure')
    const open = new Set(sources.map((source) => source.id))
    const ended = await endGatewayAlarms(tx, at, verdict, open)
    const raised = [await raiseForGateways(tx, at, verdict, open), await raiseForHubs(tx, at, verdict, open)]
    const pools = await checkPools(tx, at, sources)
    return ended || pools || raised.includes(true)
  })
  if (changed) context.announce('alarms')
}

async function readSilence(tx: Queryable, listeningSince: Instant): Promise<HubSilence[]> {
  const rows = await tx.select().from(hub)
  const proofs = await tx
    .select({ hubId: hubContact.hubId, to: max(hubContact.to) })
    .from(hubContact)
    .groupBy(hubContact.hubId)
  const proven = new Map(proofs.map(({ hubId, to }) => [hubId, to?.toEpochMilli() ?? 0]))
  const floorMs = listeningSince.toEpochMilli()
  return rows.map((row) => {
    const measuredMs = (row.lastMeasurementAt ?? row.assignedAt).toEpochMilli()
    const heardMs = Math.max(measuredMs, proven.get(row.hubId) ?? 0)
    const lastHeardMs = row.failedSince ? heardMs : Math.max(heardMs, floorMs)
    return { hubId: row.hubId, name: row.name, gatewayId: row.gatewayId, timeoutS: row.timeoutS, lastHeardMs }
  })
}

async function markFailed(tx: Queryable, at: Instant, { silent }: SilenceVerdict): Promise<void> {
  if (silent.length === 0) return
  const ids = JSON.stringify(silent.map((h) => h.hubId))
  // Checked again in the database, because a measurement may have changed the row since it was read.
  await tx.execute(sql`
    update hub set failed_since = ${at.toString()}::timestamptz,
      link = case when ownership = 'customer' and last_measurement_at is not null then 'offline' else link end
    from json_array_elements_text(${ids}::text::json) as x(id)
    where hub.hub_id = x.id::uuid and failed_since is null
      and coalesce(last_measurement_at, assigned_at) < ${at.toString()}::timestamptz - timeout_s * interval '1 s'
      and not exists (
        select from hub_contact c
        where c.hub_id = hub.hub_id and c.to_at >= ${at.toString()}::timestamptz - hub.timeout_s * interval '1 s')`)
}

async function raiseForGateways(
  tx: Queryable,
  at: Instant,
  { gatewaysToBlame }: SilenceVerdict,
  open: ReadonlySet<string>,
): Promise<boolean> {
  const contacts = new Map((await tx.select().from(gatewayContact)).map((c) => [c.gatewayId, c.lastContactAt]))
  const fresh = gatewaysToBlame.filter((g) => !open.has(g.gatewayId))
  for (const { gatewayId, hubs, lastHeardMs } of fresh) {
    const contact = contacts.get(gatewayId)
    const heard = Instant.ofEpochMilli(lastHeardMs)
    const alive = contact?.isAfter(heard.plusSeconds(60))
    await raiseAlarm(tx, at, {
      kind: 'communication-failure',
      priority: 'critical',
      source: { type: 'gateway', id: gatewayId, name: gatewayId },
      message: alive
        ? `Gateway ${gatewayId} reports, but none of its ${hubs} hubs has answered since ${heard}.`
        : `Nothing has arrived from gateway ${gatewayId} and its ${hubs} hubs since ${heard}.`,
      action: alive
        ? 'Check the line between the gateway and its hubs: they failed together.'
        : 'Check the gateway and its line to the server; compliance of its connections is unknown until it is back.',
    })
    const own = await tx.select({ id: hub.hubId }).from(hub).where(eq(hub.gatewayId, gatewayId))
    const sourceIds = own.map((h) => h.id).filter((id) => open.has(id))
    await suppressAlarms(tx, at, { kind: 'communication-failure', sourceIds, causeId: gatewayId })
  }
  return fresh.length > 0
}

async function raiseForHubs(
  tx: Queryable,
  at: Instant,
  { hubsToBlame }: SilenceVerdict,
  open: ReadonlySet<string>,
): Promise<boolean> {
  const fresh = hubsToBlame.filter((h) => !open.has(h.hubId))
  await raiseAlarms(
    tx,
    at,
    'communication-failure',
    fresh.map(({ hubId, name, lastHeardMs }) => ({
      source: { type: 'hub', id: hubId, name },
      message: `${name} has sent no measurement since ${momentInWords(Instant.ofEpochMilli(lastHeardMs))}.`,
    })),
  )
  return fresh.length > 0
}

/** A gateway is no longer to blame once some of its hubs are heard again; the hubs that stay silent get their own alarms. */
async function endGatewayAlarms(
  tx: Queryable,
  at: Instant,
  { gatewaysToBlame }: SilenceVerdict,
  open: ReadonlySet<string>,
): Promise<boolean> {
  const blamed = new Set(gatewaysToBlame.map((g) => g.gatewayId))
  const gateways = new Set((await tx.selectDistinct({ id: hub.gatewayId }).from(hub)).map((row) => row.id))
  let changed = false
  for (const id of open) {
    if (!gateways.has(id) || blamed.has(id)) continue
    changed = (await clearAlarm(tx, at, { kind: 'communication-failure', sourceId: id })) || changed
    await releaseAlarms(tx, at, [id])
  }
  return changed
}
