export type { PortalIssuer } from './portal-issuer.ts'
export { sealedColumns } from './sealed.ts'
export { type RunningServer, type ServerOptions, startServer } from './start.ts'
