import type { RelyingParty } from '../../../platform/oauth/index.ts'
import type { ClaimMapping } from './rules.ts'

/** This server's own issuer, as far as the log-in page deals with it. `state` ties an interaction to the browser that began it. */
export interface OwnIssuer {
  /** Whether the interaction that the log-in page belongs to is in progress, and began with this state. */
  isInProgress(interaction: string, state: string): Promise<boolean>
  /** Completes the interaction; where the browser continues, or `null` if it is not in progress. */
  finishInteraction(interaction: string, state: string, accountId: string): Promise<string | null>
}

/** The issuer that people log in to the portal with. */
export interface PortalLogIn {
  relyingParty: RelyingParty
  /** `null` with an external issuer. */
  own: OwnIssuer | null
  /** For an external issuer: its name, and what its claims mean here. `null` with this server’s own issuer. */
  external: { issuer: string; mapping: ClaimMapping } | null
}
