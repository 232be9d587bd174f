import type { gatewayOperations } from '../../../schemas/grid/gateway.ts'
import { knownTag, NotModified, Reply, type Verb } from '../../kit/index.ts'
import { assignedHubs, assignmentTag } from './assignments.ts'
import { renewLease } from './leases.ts'
import { noteContact } from './store.ts'

/** The hubs that a gateway should poll, with their point maps, or that nothing has changed. Asking renews its lease. */
export const readAssignment: Verb<typeof gatewayOperations.readAssignment> = async ({ context, at, actor, http }) => {
  const { db } = context
  const { gatewayId } = actor
  await noteContact(db, gatewayId, at)
  const leaseS = await renewLease(db, gatewayId, at)
  const tag = await assignmentTag(db, gatewayId)
  const headers = leaseS === null ? {} : { 'lease-seconds': String(leaseS) }
  if (tag === knownTag(http.req.header('if-none-match'))) return new NotModified(tag, headers)
  const assigned = await assignedHubs(db, gatewayId)
  const lease = leaseS === null ? {} : { leaseUntil: at.plusSeconds(leaseS).toString() }
  return new Reply({ gatewayId, issuedAt: at.toString(), ...lease, ...assigned }, { etag: `"${tag}"`, ...headers })
}
