export { isCurrent, knownTag, NotModified, Reply } from '../../platform/http/index.ts'
export { mayCall, requireAccess } from './access-rules.ts'
export {
  type Actor,
  type ActorVariables,
  type CustomerActor,
  type FspActor,
  type GatewayActor,
  nameOf,
  type Person,
  type PortalUser,
  type ProviderActor,
  personBehind,
  type SessionState,
  tenantOf,
} from './actors.ts'
export { type AuditRecord, recordAudit } from './audit.ts'
export { accessExtension, type Bound, bind, type Verbs } from './binding.ts'
export {
  type Call,
  type CarriedAct,
  type Change,
  fileAfter,
  ownTransaction,
  type ProposedAct,
  parsedByVerb,
  proposed,
  report,
  type StreamingVerb,
  streamed,
  type Verb,
} from './calls.ts'
export {
  arePrivateAddressesAllowed,
  onPool,
  outboundFetch,
  type PeoplePolicy,
  peoplePolicies,
  type ServerContext,
  type TokenIssuer,
  tokenIssuerAt,
} from './context.ts'
export {
  addFlaws,
  type Comparison,
  type FilePlan,
  fieldChanges,
  flawedFile,
  importFile,
  mostNamed,
  openFile,
  type RowValues,
  refusedFile,
  stageMany,
  stageRows,
} from './file-import.ts'
export { addHand, handsIn, type Subject, secondPersonFault } from './hands.ts'
export { forgetOldKeys } from './idempotency.ts'
export { keepRun, lostAfterS, lostFailure, mostAttempts, RunGivenUp, type RunWatch } from './kept-run.ts'
export { type Namer, namerOf } from './names.ts'
export { outbox, requireOutside } from './outbox.ts'
export { afterCursor, cursorOf, keyIn, notACursor, type PageQuery, pageFrom } from './paging.ts'
export { poolOptions } from './pools.ts'
export { callWithin, viewProposal } from './proposals.ts'
export { watchQueue } from './queue.ts'
export { type Replica, watchReplica } from './replica.ts'
export { identityOf, leafChanges } from './second-person-rules.ts'
export { figuresAt, figuresOfEach, figuresOver, type InForce, settingAt } from './settings.ts'
export { auditEntry, auditLink, proposal, settingVersion } from './tables.ts'
export { newerRevision, notCurrent, versionOfData } from './versions.ts'
