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
export { accessExtension, type Bound, bind, type Verbs } from './binding.ts'
export {
  type Call,
  fileAfter,
  ownTransaction,
  parsedByVerb,
  report,
  type StreamingVerb,
  streamed,
  type Verb,
} from './calls.ts'
export {
  arePrivateAddressesAllowed,
  onPool,
  outboundFetch,
  type ServerContext,
  type TokenIssuer,
  tokenIssuerAt,
} from './context.ts'
export { forgetOldKeys } from './idempotency.ts'
export { afterCursor, cursorOf, keyIn, type PageQuery, pageFrom } from './paging.ts'
export { poolOptions } from './pools.ts'
export { type Leased, type RowLease, rowLease } from './row-lease.ts'
export { isCurrent, knownTag } from './versions.ts'
