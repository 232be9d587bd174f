import type { OutboundFetch } from '../../platform/http/index.ts'
import { type AuthorizationServer, createRelyingParty } from '../../platform/oauth/index.ts'
import { sessionOperations } from '../../schemas/access/sessions.ts'
import type { ClaimMapping, PortalLogIn } from '../access/index.ts'

/** An external issuer that people log in to the portal with, such as the DNO's own. */
export interface PortalIssuer {
  issuer: string
  clientId: string
  /** For client_secret_basic; `null` for a public client. */
  clientSecret: string | null
  scope: string
  mapping: ClaimMapping
}

/** The portal as a client of this server's own issuer. */
export const portalClientId = 'ringmain-portal'

export const callbackOf = (publicUrl: string) => `${publicUrl}/api${sessionOperations.completeLogIn.path}`

/** Log-in through the configured issuer, or through this server's own. @param callItself calls this server. */
export function portalLogIn(
  publicUrl: string,
  own: AuthorizationServer,
  elsewhere: PortalIssuer | undefined,
  callItself: OutboundFetch,
): PortalLogIn {
  const redirectUri = callbackOf(publicUrl)
  if (!elsewhere)
    return {
      relyingParty: createRelyingParty({
        issuer: `${publicUrl}/oidc`,
        clientId: portalClientId,
        clientSecret: null,
        scope: 'openid',
        redirectUri,
        prompt: 'login',
        outbound: callItself,
      }),
      own,
      external: null,
    }
  const { issuer, clientId, clientSecret, scope, mapping } = elsewhere
  return {
    relyingParty: createRelyingParty({ issuer, clientId, clientSecret, scope, redirectUri }),
    own: null,
    external: { issuer, mapping },
  }
}
