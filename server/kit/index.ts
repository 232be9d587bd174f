export { NotModified, Reply } from '../../platform/http/index.ts'
export { mayCall } from './access-rules.ts'
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
  tenantOf,
} from './actors.ts'
export { type AuditRecord, recordAudit } from './audit.ts'
export { type Bound, bind } from './binding.ts'
export { type Call, ownTransaction, type StreamingVerb, streamed, type Verb } from './calls.ts'
export {
  answers,
  arePrivateAddressesAllowed,
  outboundFetch,
  type ServerContext,
  serverRouter,
  type TokenIssuer,
  tokenIssuerAt,
} from './context.ts'
export { accessExtension, createRoute } from './declared-route.ts'
export { newIdFor, refuseReusedKey } from './derived-ids.ts'
export { forgetOldKeys } from './idempotency.ts'
export { afterCursor, cursorOf, keyIn, type PageQuery, pageFrom } from './paging.ts'
export { type Leased, type RowLease, rowLease } from './row-lease.ts'
export { isCurrent, knownTag, tagIn } from './versions.ts'
