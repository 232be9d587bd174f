import { and, asc, eq, ne } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { HubForm, RegisteredHub } from '../../../schemas/grid/gateway.ts'
import { type Actor, recordAudit, requirePerson, type ServerContext } from '../../kit/index.ts'
import { findConnection } from '../connections/index.ts'
import { findNode } from '../network/index.ts'
import { saveHub } from './hubs.ts'
import { gatewayPool, hub, hubFeeder, pointMap } from './tables.ts'

/** How a hub is reached and read. */
export async function readRegistration(
  context: ServerContext,
  actor: Actor | null,
  hubId: string,
): Promise<RegisteredHub> {
  requirePerson(actor)
  const found = await registrationOf(context.db, hubId)
  if (!found) throw new ProblemError('not-found', `There is no hub ${hubId}.`)
  return found
}

/**
 * Registers a hub or changes how it is reached and read. Its gateway learns of it with its next assignment.
 * @param etag of what the caller has read; `null` to register a new one.
 */
export async function register(
  context: ServerContext,
  actor: Actor | null,
  hubId: string,
  etag: string | null,
  form: HubForm,
): Promise<RegisteredHub> {
  const person = requirePerson(actor, 'operator', 'planner')
  const at = context.clock.now()
  const saved = await context.db.transaction(async (tx) => {
    const [known] = await tx.select().from(hub).where(eq(hub.hubId, hubId)).for('update')
    if (known?.ownership === 'customer')
      throw new ProblemError(
        'conflict',
        `${known.name} is the customer’s own and sends by itself: no gateway polls it.`,
      )
    const before = await registrationOf(tx, hubId)
    if ((before?.etag ?? null) !== etag) throw changedMeanwhile(hubId, before)
    await requireWhatItNames(tx, hubId, form)
    const { pointOverrides, ...rest } = form
    await saveHub(tx, at, {
      hubId,
      ...rest,
      pointOverrides: pointOverrides.length === 0 ? null : pointOverrides,
      // A map of its own stays until a model's is named.
      ...(known?.pointMap && form.pointMapName === null ? { pointMap: known.pointMap } : {}),
      currentOnly: known?.currentOnly ?? false,
    })
    await recordAudit(tx, at, person, {
      action: before ? 'hub.changed' : 'hub.registered',
      subject: { type: 'hub', id: hubId },
      detail: { now: form, before: before ?? null },
    })
    return (await registrationOf(tx, hubId)) as RegisteredHub
  })
  context.announce('telemetry')
  return saved
}

async function registrationOf(db: Queryable, hubId: string): Promise<RegisteredHub | null> {
  const [row] = await db.select().from(hub).where(eq(hub.hubId, hubId))
  if (!row) return null
  const feeders = await db
    .select({ feeder: hubFeeder.feeder, role: hubFeeder.role, connectionId: hubFeeder.connectionId })
    .from(hubFeeder)
    .where(eq(hubFeeder.hubId, hubId))
    .orderBy(asc(hubFeeder.feeder))
  return {
    hubId,
    name: row.name,
    connectionId: row.connectionId,
    nodeId: row.nodeId,
    host: row.host,
    port: row.port,
    dialsIn: row.dialsIn,
    tlsName: row.tlsName,
    localAddress: row.localAddress,
    remoteAddress: row.remoteAddress,
    integrityPollS: row.integrityPollS,
    timeoutS: row.timeoutS,
    pool: row.pool,
    gatewayId: row.pool === null ? row.gatewayId : null,
    pointMapName: row.pointMapName,
    pointOverrides: row.pointOverrides ?? [],
    feeders,
    etag: String(row.revision),
  }
}

/** Refuses what names things that are not there, or that cannot be told apart. */
async function requireWhatItNames(tx: Queryable, hubId: string, form: HubForm): Promise<void> {
  const refuse = (field: string, message: string): never => {
    throw new ProblemError('contract-broken', `${field}: ${message}`, { errors: [{ field, message }] })
  }
  for (const [n, { connectionId }] of form.feeders.entries())
    if (!(await findConnection(tx, connectionId)))
      refuse(`feeders[${n}].connectionId`, `there is no connection ${connectionId}`)
  if (form.connectionId !== null && !(await findConnection(tx, form.connectionId)))
    refuse('connectionId', `there is no connection ${form.connectionId}`)
  if (form.nodeId !== null && !(await findNode(tx, form.nodeId))) refuse('nodeId', `there is no node ${form.nodeId}`)
  if (form.pointMapName !== null) {
    const [map] = await tx.select().from(pointMap).where(eq(pointMap.name, form.pointMapName))
    if (!map) refuse('pointMapName', `there is no point map ${form.pointMapName}`)
  }
  if (form.pool !== null) {
    const [pool] = await tx.select().from(gatewayPool).where(eq(gatewayPool.name, form.pool))
    if (!pool) refuse('pool', `there is no pool ${form.pool}`)
  }
  if (!form.dialsIn) return
  const others = await tx
    .select()
    .from(hub)
    .where(and(eq(hub.dialsIn, true), ne(hub.hubId, hubId)))
  const beside = others.filter((o) => (form.pool === null ? o.gatewayId === form.gatewayId : o.pool === form.pool))
  // What tells apart those who call the same gateways.
  for (const field of ['remoteAddress', 'tlsName', 'host'] as const) {
    const same = beside.find((o) => form[field] !== null && form[field] !== '' && o[field] === form[field])
    if (same) refuse(field, `${same.name} calls ${form.pool ?? form.gatewayId} under the same already`)
  }
}

function changedMeanwhile(hubId: string, now: RegisteredHub | null): ProblemError {
  if (!now) return new ProblemError('not-found', `There is no hub ${hubId}: send If-None-Match: * to register it.`)
  return new ProblemError('changed-meanwhile', `${now.name} is not what you have read: read it again.`, {
    headers: { etag: `"${now.etag}"` },
  })
}
