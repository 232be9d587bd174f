import { timingSafeEqual } from 'node:crypto'
import { decodeProtectedHeader } from 'jose'
import type { Provider } from 'oidc-provider'
import type { Log } from '../log/index.ts'
import { digestOf } from '../secrets/index.ts'

/** Client secrets are stored as digests, of which a client may have several: a received secret is digested before it is compared. */
export function compareSecretsByDigest(provider: Provider): void {
  const prototype = provider.Client.prototype as unknown as {
    compareClientSecret(actual: string): boolean
    clientSecret: string
  }
  prototype.compareClientSecret = function (actual) {
    const given = digestOf(actual)
    const matching = this.clientSecret.split(' ').filter((digest) => isSame(digest, given))
    if (matching.length > 0) usedSecrets.set(this, given)
    return matching.length > 0
  }
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** The digest of the secret that a client, as found for one request, has authenticated with. */
const usedSecrets = new WeakMap<object, string>()

/** Tells of each token that a client gets, and of the `kid` of the key or the digest of the secret that it authenticated with. */
export function noteTokens(
  provider: Provider,
  onToken: (clientId: string, used: string | null) => Promise<void>,
  log: Log,
): void {
  provider.on('grant.success', ({ oidc }) => {
    const { client } = oidc
    if (!client) return
    const assertion = oidc.params?.['client_assertion']
    const kid = typeof assertion === 'string' ? decodeProtectedHeader(assertion).kid : undefined
    onToken(client.clientId, kid ?? usedSecrets.get(client) ?? null).catch((error: unknown) =>
      log.warn({ err: error, client: client.clientId }, 'the use of a client could not be noted'),
    )
  })
}
