import type { RelyingParty } from '../../../platform/oauth/index.ts'
import type { ClaimMapping } from './rules.ts'

/** The issuer that people log in to the portal with. */
export interface PortalLogIn {
  relyingParty: RelyingParty
  /** For this server's own issuer: completes the interaction that the log-in page belongs to. `null` with an external issuer. */
  finishInteraction: ((interaction: string, accountId: string) => Promise<string | null>) | null
  /** For an external issuer: its name, and what its claims mean here. `null` with this server’s own issuer. */
  external: { issuer: string; mapping: ClaimMapping } | null
}
