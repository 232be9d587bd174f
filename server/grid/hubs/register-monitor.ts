import type { Instant } from '@js-joda/core'
import { and, eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import { newSecret } from '../../../platform/secrets/index.ts'
import type { CustomerMonitor, monitorOperations, Phase } from '../../../schemas/grid/measurements.ts'
import type { Verb } from '../../kit/index.ts'
import { findConnection } from '../connections/index.ts'
import { credentialsOf, saveSecret } from './monitors.ts'
import { type NewHub, saveHub } from './save-hub.ts'
import { hub, hubFeeder } from './tables.ts'

const phases: readonly Phase[] = ['L1', 'L2', 'L3']

/**
 * NM07: registers a customer's monitor, with its own client to send measurements. From then on it counts like any hub, except that
 * nobody polls it. Beside a hub of the DNO it is only compared with that (decision 65).
 */
export const registerMonitor: Verb<typeof monitorOperations.registerMonitor> = async (call) => {
  const { context, db, at, id: hubId, params, body } = call
  const connectionId = params.id
  if (!(await findConnection(db, connectionId)))
    throw new ProblemError('not-found', `There is no connection ${connectionId}.`)
  const [other] = await db
    .select({ name: hub.name })
    .from(hubFeeder)
    .innerJoin(hub, eq(hub.hubId, hubFeeder.hubId))
    .where(and(eq(hubFeeder.connectionId, connectionId), eq(hub.ownership, 'customer')))
    .limit(1)
  if (other)
    throw new ProblemError(
      'conflict',
      `${other.name} is a customer’s monitor of this connection already: give it a new secret.`,
    )
  const credentials = credentialsOf(context, hubId)
  const { clientId } = credentials
  const clientSecret = newSecret()
  await saveMonitor(db, at, body, { hubId, connectionId, clientId, clientSecret })
  call.audit({
    action: 'monitor.registered',
    subject: { type: 'hub', id: hubId },
    detail: { connectionId, clientId, currentOnly: body.currentOnly, importOnly: body.importOnly, phases: body.phases },
  })
  return { ...credentials, clientSecret }
}

/** Stores a monitor with its client. */
export async function saveMonitor(
  tx: Queryable,
  at: Instant,
  given: CustomerMonitor,
  own: { hubId: string; connectionId: string; clientId: string; clientSecret: string },
): Promise<void> {
  await saveHub(tx, at, monitorHub(given, own.hubId, own.connectionId, own.clientId))
  await saveSecret(tx, own.clientId, own.clientSecret)
}

/** A customer's monitor as a hub with its own client. */
function monitorHub(given: CustomerMonitor, hubId: string, connectionId: string, clientId: string): NewHub {
  const { name, timeoutS, currentOnly, importOnly, feeders } = given
  const measured: readonly Phase[] = given.phases === 'total' ? ['none'] : phases
  return {
    hubId,
    name,
    connectionId,
    nodeId: null,
    host: '',
    port: 0,
    localAddress: 0,
    remoteAddress: 0,
    integrityPollS: Math.ceil(timeoutS / 3),
    timeoutS,
    gatewayId: clientId,
    ownership: 'customer',
    currentOnly,
    importOnly,
    feeders: feeders.map((f) => ({ ...f, connectionId })),
    pointMap: feeders.flatMap(({ feeder }) => measured.map((phase) => mapped(feeder, phase, currentOnly))),
  }
}

/** A customer's monitor states what it measures; its map only determines how many powers make up its import. */
function mapped(feeder: number, phase: Phase, currentOnly: boolean) {
  const quantity = currentOnly ? ('current' as const) : ('active-power' as const)
  return { group: 30, index: feeder * 10 + phases.indexOf(phase) + 1, feeder, phase, quantity, scale: 1 }
}
