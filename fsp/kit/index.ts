export { maySee, noDepot, requireChange } from './access-rules.ts'
export { type AuditRecord, bind, type Call, type Entrance } from './binding.ts'
export { Brake, callerOf } from './brake.ts'
export {
  type AuditActor,
  actorOf,
  type Caller,
  type FeedProgram,
  type FspPerson,
  type LinkedDriver,
} from './callers.ts'
export { keyFrom } from './derived-key.ts'
export { depotPortal } from './portal.ts'
