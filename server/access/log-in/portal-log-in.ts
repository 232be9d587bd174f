import type { RelyingParty } from '../../../platform/oauth/index.ts'
import type { ClaimMapping } from './rules.ts'

/** By whom people log in to the portal. */
export interface PortalLogIn {
  relyingParty: RelyingParty
  /** Of this server's own issuer: ends the interaction that the log-in page is for. `null` with an issuer elsewhere. */
  finishInteraction: ((interaction: string, accountId: string) => Promise<string | null>) | null
  /** Of an issuer elsewhere: its name, and what its claims mean here. `null` with this server’s own. */
  external: { issuer: string; mapping: ClaimMapping } | null
}
