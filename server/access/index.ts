export { type Access, anyone, fsps, gateways, people, readers, users } from './access-rules.ts'
export { listAccounts, openSession, saveAccount } from './accounts/service.ts'
export {
  type Actor,
  type ActorVariables,
  nameOf,
  requireFsp,
  requireGateway,
  requirePerson,
  requireReader,
  requireUser,
  type Scope,
  scopes,
} from './actors.ts'
export { adminRoutes } from './admin-routes.ts'
export { type AuditRecord, recordAudit } from './audit/service.ts'
export { authenticator, sessionCookie } from './authenticator.ts'
export { clientFinder, saveClient, setClientsActive } from './clients/service.ts'
export { answers, arePrivateAddressesAllowed, outboundFetch, type ServerContext, serverRouter } from './context.ts'
export { accessExtension, createRoute } from './declared-route.ts'
export { newIdFor, refuseReusedKey } from './idempotency.ts'
export { logInRoutes, type PortalLogIn } from './log-in/routes.ts'
export type { ClaimMapping } from './log-in/rules.ts'
export { sessionRoutes } from './routes.ts'
