import {
  type AdapterPayload,
  type Configuration,
  interactionPolicy,
  type KoaContextWithOIDC,
  type Provider,
} from 'oidc-provider'

/** The one application that people log in to here. It is this system’s own, so no consent is asked for. */
export interface PeopleOptions {
  clientId: string
  redirectUri: string
  /** The log-in page, as a path on the issuer’s own origin; it ends an interaction with `finishInteraction`. */
  logInPage(interaction: string): string
}

/** The application that people log in to: public, so PKCE proves that the code came back to the party that began. */
export function portalClient({ clientId, redirectUri }: PeopleOptions): AdapterPayload {
  return {
    client_id: clientId,
    redirect_uris: [redirectUri],
    response_types: ['code'],
    scope: 'openid',
    grant_types: ['authorization_code'],
    token_endpoint_auth_method: 'none',
  }
}

/** What the authorization server does for people: where they log in, and what it says of them. */
export function logInOf({ logInPage, clientId }: PeopleOptions): Configuration {
  return {
    interactions: { url: (_ctx, interaction) => logInPage(interaction.uid), policy: alwaysAsking() },
    findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    async loadExistingGrant({ oidc }) {
      const accountId = oidc.session?.accountId
      if (!accountId || oidc.client?.clientId !== clientId) return undefined
      const grant = new oidc.provider.Grant({ accountId, clientId })
      grant.addOIDCScope('openid')
      await grant.save()
      return grant
    },
  }
}

/** Asks for the password at each log-in, whatever the request says: `prompt=login` in an address can be taken out of it. */
function alwaysAsking(): interactionPolicy.DefaultPolicy {
  const { base, Check } = interactionPolicy
  const policy = base()
  policy.get('login')?.checks.add(
    new Check('always', 'a log-in needs a password', ({ oidc }) => {
      return oidc.result?.['login'] ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT
    }),
  )
  return policy
}

type Interaction = InstanceType<Provider['Interaction']>

/** The log-in in progress that began with a state; `null` if that state began none, or another. */
export async function findInteraction(provider: Provider, uid: string, state: string): Promise<Interaction | null> {
  const found = await provider.Interaction.find(uid)
  return found?.prompt.name === 'login' && found.params['state'] === state ? found : null
}

/** Reports who has logged in; where the browser continues, or `null` if that log-in is not in progress. */
export async function finishInteraction(
  provider: Provider,
  uid: string,
  state: string,
  accountId: string,
): Promise<string | null> {
  const interaction = await findInteraction(provider, uid, state)
  if (!interaction) return null
  interaction.result = { login: { accountId, remember: false } }
  await interaction.save(Math.max(interaction.exp - Math.floor(Date.now() / 1000), 1))
  return interaction.returnTo
}

/** Over HTTPS their prefixes make browsers refuse them from anywhere else (RFC 6265bis, 4.1.3). Two belong to paths, so not to the host. */
export function cookieNamesAt(issuer: string): { session: string; interaction: string; resume: string } {
  const [host, path] = issuer.startsWith('https:') ? ['__Host-', '__Secure-'] : ['', '']
  return {
    session: `${host}ringmain_issuer`,
    interaction: `${path}ringmain_interaction`,
    resume: `${path}ringmain_resume`,
  }
}

/**
 * Ends the session here before the application gets what its code is worth. Otherwise who logs out of the application, and leaves, would
 * still be known here to the next person at that browser.
 */
export function forgetPeople(provider: Provider): void {
  provider.use(async (ctx, next) => {
    await next()
    const oidc = ctx['oidc'] as KoaContextWithOIDC['oidc'] | undefined
    const uid = oidc?.route === 'token' ? oidc.entities.AuthorizationCode?.sessionUid : undefined
    if (uid) await (await provider.Session.findByUid(uid))?.destroy()
  })
}
