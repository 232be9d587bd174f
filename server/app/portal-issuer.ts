import type { OutboundFetch } from '../../platform/http/index.ts'
import { type AuthorizationServer, createRelyingParty } from '../../platform/oauth/index.ts'
import { sessionOperations } from '../../schemas/access/sessions.ts'
import type { ExternalIssuer, PortalLogIn } from '../access/index.ts'

/** An external issuer that people log in to the portal with, such as the DNO's own. */
export interface PortalIssuer extends ExternalIssuer {
  clientId: string
  /** For client_secret_basic; `null` for a public client. */
  clientSecret: string | null
  scope: string
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
  const { clientId, clientSecret, scope, ...external } = elsewhere
  return {
    relyingParty: createRelyingParty({
      issuer: external.issuer,
      clientId,
      clientSecret,
      scope,
      redirectUri,
      ...(external.acr ? { acrValues: external.acr } : {}),
    }),
    own: null,
    external,
  }
}
