import type { RelyingParty } from '../../../platform/oauth/index.ts'
import type { ClaimMapping } from './rules.ts'

/** This server's own issuer, as far as the log-in page deals with it. `state` ties an interaction to the browser that began it. */
export interface OwnIssuer {
  /** Whether the interaction that the log-in page belongs to is in progress, and began with this state. */
  isInProgress(interaction: string, state: string): Promise<boolean>
  /** Completes the interaction; where the browser continues, or `null` if it is not in progress. */
  finishInteraction(interaction: string, state: string, accountId: string): Promise<string | null>
}

/** An external issuer, as far as a log-in depends on it. */
export interface ExternalIssuer {
  issuer: string
  mapping: ClaimMapping
  /** The authentication context class that the issuer has to state; `null`: the issuer's own policy decides (ASVS 6.8.4). */
  acr: string | null
  /** How long a session lasts, s, until the issuer is asked again: so old may roles become. */
  sessionS: number
}

/** The issuer that people log in to the portal with. */
export interface PortalLogIn {
  relyingParty: RelyingParty
  /** `null` with an external issuer. */
  own: OwnIssuer | null
  /** For an external issuer: its name, and what its claims mean here. `null` with this server’s own issuer. */
  external: ExternalIssuer | null
}
