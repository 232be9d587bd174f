export { type Access, anyone, fsps, gateways, people, readers, users } from './access-rules.ts'
export {
  type Actor,
  type ActorVariables,
  type FspActor,
  type GatewayActor,
  nameOf,
  type Person,
  type PortalUser,
  requireFsp,
  requireGateway,
  requirePerson,
  requireReader,
  requireUser,
  type Scope,
  scopes,
} from './actors.ts'
export { type AuditRecord, recordAudit } from './audit.ts'
export { answers, arePrivateAddressesAllowed, outboundFetch, type ServerContext, serverRouter } from './context.ts'
export { accessExtension, createRoute } from './declared-route.ts'
export { newIdFor, refuseReusedKey } from './idempotency.ts'
