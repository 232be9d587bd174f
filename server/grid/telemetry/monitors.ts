import { and, eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import { newSecret } from '../../../platform/secrets/index.ts'
import type { CustomerMonitor, MonitorCredentials, Phase } from '../../../schemas/grid/measurements.ts'
import { saveClient } from '../../access/index.ts'
import { type Actor, recordAudit, requirePerson, type ServerContext } from '../../kit/index.ts'
import { findConnection } from '../connections/index.ts'
import { saveHub } from './hubs.ts'
import { hub, hubFeeder } from './tables.ts'

const phases: readonly Phase[] = ['L1', 'L2', 'L3']

/**
 * NM07: registers a monitor that a customer owns, with a client of its own by which it sends what it measures. From then on it counts
 * as any hub does; only nobody polls it.
 * @param hubId of the new monitor; registering it again answers its credentials without the secret, which nobody keeps.
 */
export async function registerMonitor(
  context: ServerContext,
  actor: Actor | null,
  connectionId: string,
  hubId: string,
  given: CustomerMonitor,
): Promise<MonitorCredentials> {
  const person = requirePerson(actor, 'planner', 'operator')
  const at = context.clock.now()
  const credentials = credentialsOf(context, hubId)
  const { clientId } = credentials
  const secret = newSecret()
  const made = await context.db.transaction(async (tx) => {
    if (!(await findConnection(tx, connectionId)))
      throw new ProblemError('not-found', `There is no connection ${connectionId}.`)
    const measuring = await tx
      .selectDistinct({ hubId: hub.hubId, name: hub.name })
      .from(hubFeeder)
      .innerJoin(hub, eq(hub.hubId, hubFeeder.hubId))
      .where(eq(hubFeeder.connectionId, connectionId))
    if (measuring.some((other) => other.hubId === hubId)) return false
    const [other] = measuring
    if (other)
      throw new ProblemError('conflict', `${other.name} measures this connection already: its load would count twice.`)
    await saveHub(tx, at, {
      hubId,
      name: given.name,
      connectionId,
      nodeId: null,
      host: '',
      port: 0,
      localAddress: 0,
      remoteAddress: 0,
      integrityPollS: Math.ceil(given.timeoutS / 3),
      timeoutS: given.timeoutS,
      gatewayId: clientId,
      ownership: 'customer',
      currentOnly: given.currentOnly,
      feeders: given.feeders.map((f) => ({ ...f, connectionId })),
      pointMap: given.feeders.flatMap(({ feeder }) => phases.map((phase) => mapped(feeder, phase, given.currentOnly))),
    })
    await saveSecret(tx, clientId, secret)
    await recordAudit(tx, at, person, {
      action: 'monitor.registered',
      subject: { type: 'hub', id: hubId },
      detail: { connectionId, clientId, currentOnly: given.currentOnly },
    })
    return true
  })
  return { ...credentials, clientSecret: made ? secret : null }
}

/** Gives a customer's monitor another secret, such as when the first was lost or has become known; the old one fetches no token any more. */
export async function renewMonitorSecret(
  context: ServerContext,
  actor: Actor | null,
  hubId: string,
): Promise<MonitorCredentials> {
  const person = requirePerson(actor, 'planner', 'operator')
  const credentials = credentialsOf(context, hubId)
  const secret = newSecret()
  await context.db.transaction(async (tx) => {
    const [found] = await tx
      .select({ hubId: hub.hubId })
      .from(hub)
      .where(and(eq(hub.hubId, hubId), eq(hub.ownership, 'customer')))
      .for('update')
    if (!found) throw new ProblemError('not-found', `There is no customer’s monitor ${hubId}.`)
    await saveSecret(tx, credentials.clientId, secret)
    await recordAudit(tx, context.clock.now(), person, {
      action: 'monitor.secret-renewed',
      subject: { type: 'hub', id: hubId },
      detail: { clientId: credentials.clientId },
    })
  })
  return { ...credentials, clientSecret: secret }
}

function credentialsOf({ publicUrl }: ServerContext, hubId: string): Omit<MonitorCredentials, 'clientSecret'> {
  return { hubId, clientId: `monitor-${hubId}`, scope: 'gateway', tokenEndpoint: `${publicUrl}/oidc/token` }
}

function saveSecret(tx: Queryable, clientId: string, secret: string): Promise<void> {
  return saveClient(tx, {
    clientId,
    kind: 'gateway',
    subjectId: clientId,
    scopes: ['gateway'],
    active: true,
    authentication: { method: 'client_secret_basic', secret },
  })
}

/** A customer's monitor says by itself what it measures; its map only tells how many powers make up its import. */
function mapped(feeder: number, phase: Phase, currentOnly: boolean) {
  const quantity = currentOnly ? ('current' as const) : ('active-power' as const)
  return { group: 30, index: feeder * 10 + phases.indexOf(phase), feeder, phase, quantity, scale: 1 }
}
