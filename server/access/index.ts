export { saveAccount } from './accounts/service.ts'
export {
  type Actor,
  type ActorVariables,
  nameOf,
  requireFsp,
  requireGateway,
  requirePerson,
  requireReader,
  type Scope,
  scopes,
} from './actors.ts'
export { type AuditRecord, recordAudit } from './audit/service.ts'
export { authenticator } from './authenticator.ts'
export { clientFinder, saveClient, setClientsActive } from './clients/service.ts'
export { answers, type ServerContext, serverRouter } from './context.ts'
export { newIdFor, refuseReusedKey } from './idempotency.ts'
export { sessionRoutes } from './routes.ts'
