export { NotModified, Reply } from '../../platform/http/index.ts'
export {
  type Actor,
  type ActorVariables,
  type FspActor,
  type GatewayActor,
  nameOf,
  type Person,
  type PortalUser,
  tenantOf,
} from './actors.ts'
export { type AuditRecord, recordAudit } from './audit.ts'
export { accessExtension, type Bound, bind } from './binding.ts'
export { type Call, ownTransaction, type StreamingVerb, streamed, type Verb } from './calls.ts'
export {
  arePrivateAddressesAllowed,
  outboundFetch,
  type ServerContext,
  type TokenIssuer,
  tokenIssuerAt,
} from './context.ts'
export { forgetOldKeys } from './idempotency.ts'
export { afterCursor, cursorOf, keyIn, type PageQuery, pageFrom } from './paging.ts'
export { type Leased, type RowLease, rowLease } from './row-lease.ts'
export { isCurrent, knownTag } from './versions.ts'
