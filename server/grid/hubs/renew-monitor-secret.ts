import { and, eq } from 'drizzle-orm'
import { ProblemError } from '../../../platform/http/index.ts'
import { newSecret } from '../../../platform/secrets/index.ts'
import type { monitorOperations } from '../../../schemas/grid/measurements.ts'
import type { Verb } from '../../kit/index.ts'
import { credentialsOf, saveSecret } from './monitors.ts'
import { hub } from './tables.ts'

/** Gives a customer's monitor a new secret, for example when the old one is lost or exposed; the old one no longer gets tokens. */
export const renewMonitorSecret: Verb<typeof monitorOperations.renewMonitorSecret> = async (call) => {
  const { context, db, params } = call
  const [found] = await db
    .select({ hubId: hub.hubId })
    .from(hub)
    .where(and(eq(hub.hubId, params.id), eq(hub.ownership, 'customer')))
    .for('update')
  if (!found) throw new ProblemError('not-found', `There is no customer’s monitor ${params.id}.`)
  const credentials = credentialsOf(context, params.id)
  const clientSecret = newSecret()
  await saveSecret(db, credentials.clientId, clientSecret)
  call.audit({
    action: 'monitor.secret-renewed',
    subject: { type: 'hub', id: params.id },
    detail: { clientId: credentials.clientId },
  })
  return { ...credentials, clientSecret }
}
