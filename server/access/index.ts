export {
  accounts,
  isSessionOpen,
  listAccounts,
  openSession,
  saveAccount,
  sealedTotpPending,
  sealedTotps,
  sessionsEndedChannel,
} from './accounts/index.ts'
export { audit, type Head, verifyChain } from './audit/index.ts'
export { authenticator } from './authenticator.ts'
export {
  clientFinder,
  clients,
  keyFault,
  longestSecretLife,
  noteUse,
  removeClients,
  saveClient,
  setClientsActive,
  tokenBrake,
} from './clients/index.ts'
export { addCustomer, customers, readCustomer } from './customers/index.ts'
export { dataProviders, listDataProviders, requireProvider } from './data-providers/index.ts'
export { checkEnvironment } from './environment.ts'
export { accessJobs } from './jobs.ts'
export { type ExternalIssuer, type PortalLogIn, sessions } from './log-in/index.ts'
export { accessNames } from './names.ts'
export { ownAccount } from './own-account/index.ts'
export { proposals } from './proposals/index.ts'
export { settings } from './settings/index.ts'
