import { isDeepStrictEqual } from 'node:util'
import { and, eq, ne } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { HubForm, hubOperations, RegisteredHub } from '../../../schemas/grid/hubs.ts'
import { type Call, isCurrent, notCurrent, type ProposedAct } from '../../kit/index.ts'
import { findConnection } from '../connections/index.ts'
import { findNode } from '../network/index.ts'
import { meaningOf } from './point-maps.ts'
import { registrationOf } from './registrations.ts'
import { saveHub } from './save-hub.ts'
import { gatewayPool, hub, pointMap } from './tables.ts'

type Register = typeof hubOperations.registerHub

/**
 * Registers a hub or changes how it is reached and read. Its gateway gets the change with its next assignment. What its values mean and
 * whose import they are is settled and watched by: a change of that needs a second person, as do overrides of points of a new hub.
 */
export const registerHub: ProposedAct<Register, RegisteredHub> = {
  async describe(call) {
    const { params, body } = call
    const { before } = await lockCurrent(call)
    await requireReferences(call.db, body)
    await requireDistinctCaller(call.db, params.id, body)
    const [old, now] = [meaningOfHub(before ?? asOrdered(body)), meaningOfHub(body)]
    if (isDeepStrictEqual(old, now)) return null
    const title = before
      ? `Read the hub ${body.name} otherwise`
      : `Register the hub ${body.name} with points of its own`
    return { subject: { type: 'hub', id: params.id }, title, before: old, after: now }
  },

  async carryOut(call) {
    const { db, at, params, body } = call
    const hubId = params.id
    const { known, before } = await lockCurrent(call)
    const { pointOverrides, ...rest } = body
    await saveHub(db, at, {
      hubId,
      ...rest,
      pointOverrides: pointOverrides.length === 0 ? null : pointOverrides,
      // A hub keeps its own map until a model's map is named.
      ...(known?.pointMap && body.pointMapName === null ? { pointMap: known.pointMap } : {}),
      currentOnly: known?.currentOnly ?? false,
    })
    call.audit({
      action: before ? 'hub.changed' : 'hub.registered',
      subject: { type: 'hub', id: hubId },
      detail: { now: body, before },
    })
    call.announce('telemetry')
    const saved = await registrationOf(db, hubId)
    if (!saved) throw new Error(`hub ${hubId} is gone`)
    return saved
  },
}

/** The hub as it is, locked, if it is still what the caller has read. */
async function lockCurrent({ db, params: { id: hubId }, version }: Call<Register>) {
  const [known] = await db.select().from(hub).where(eq(hub.hubId, hubId)).for('update')
  if (known?.ownership === 'customer')
    throw new ProblemError(
      'conflict',
      `${known.name} belongs to the customer and sends by itself: no gateway polls it.`,
    )
  const before = await registrationOf(db, hubId)
  if (!isCurrent(version, before?.etag)) throw notCurrent(`hub ${before?.name ?? hubId}`, before?.etag)
  return { known, before }
}

type Meaning = Pick<HubForm, 'connectionId' | 'nodeId' | 'tlsName' | 'pointMapName' | 'pointOverrides' | 'feeders'>

/** What a hub's values mean and for what, and the name by which it proves that they are its own. */
function meaningOfHub({ connectionId, nodeId, tlsName, pointMapName, pointOverrides, feeders }: Meaning) {
  const byFeeder = feeders.map(({ feeder, ...rest }) => [`feeder ${feeder}`, rest] as const)
  const points = meaningOf(pointOverrides)
  return { connectionId, nodeId, tlsName, pointMapName, points, feeders: Object.fromEntries(byFeeder) }
}

/** A new hub as one person may register it: with the points of its model. */
const asOrdered = (form: HubForm): Meaning => ({ ...form, pointOverrides: [] })

function refuse(field: string, message: string): never {
  throw new ProblemError('contract-broken', `${field}: ${message}`, { errors: [{ field, message }] })
}

/** Refuses a form that names unknown resources. */
async function requireReferences(tx: Queryable, form: HubForm): Promise<void> {
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
}

/** Refuses a hub that dials in if its gateway could not tell it from another hub that calls it. */
async function requireDistinctCaller(tx: Queryable, hubId: string, form: HubForm): Promise<void> {
  if (!form.dialsIn) return
  const others = await tx
    .select()
    .from(hub)
    .where(and(eq(hub.dialsIn, true), ne(hub.hubId, hubId)))
  const beside = others.filter((o) => (form.pool === null ? o.gatewayId === form.gatewayId : o.pool === form.pool))
  for (const field of ['remoteAddress', 'tlsName', 'host'] as const) {
    const same = beside.find((o) => form[field] !== null && form[field] !== '' && o[field] === form[field])
    if (same) refuse(field, `${same.name} calls ${form.pool ?? form.gatewayId} with the same value already`)
  }
}
