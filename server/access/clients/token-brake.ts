import type { IncomingMessage, ServerResponse } from 'node:http'
import { callerAddress, type NodeHandler, networkOf, type TrustedProxies } from '../../../platform/http/index.ts'
import type { ServerContext } from '../../kit/index.ts'
import { type Attempt, type Brake, type Braked, giveBack, takeTurns } from '../brakes/index.ts'

/** A client with a wrong secret in its settings finds out soon enough; others at its address and its twin elsewhere are not held up. */
const clientBrake: Brake = { name: 'token of a client', most: 20, perS: 15 * 60 }

/**
 * Secrets are random and of 256 bits, so this is not what keeps them: it keeps guessing from filling the log. It is generous, because a
 * proxy that is not stated as trusted makes everybody's requests come from one address.
 */
const addressBrake: Brake = { name: 'token of an address', most: 600, perS: 3_600 }

/**
 * Counts failed client authentication at the authorization server per client and address, and refuses more of it with 429
 * (OWASP ASVS 5.0, 6.3.1). No client can be shut out from another address than the one that fails.
 */
export function tokenBrake(context: ServerContext, trusted: TrustedProxies, handle: NodeHandler): NodeHandler {
  return (request, response) => {
    if (request.method !== 'POST') return handle(request, response)
    pass(context, trusted, handle, request, response).catch((error: unknown) => {
      context.log.error({ err: error }, 'a token request failed')
      if (!response.headersSent) response.writeHead(503, { 'retry-after': '5' })
      response.end()
    })
  }
}

async function pass(
  { db, clock, log }: ServerContext,
  trusted: TrustedProxies,
  handle: NodeHandler,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const address = callerAddress(request, trusted)
  const client = clientIn(request.headers.authorization)
  const network = networkOf(address)
  const attempts: Attempt[] = [
    ...(client === null ? [] : [{ brake: clientBrake, subject: [client, network] }]),
    { brake: addressBrake, subject: [network] },
  ]
  const turns = await takeTurns(db, clock.now(), attempts)
  if (!turns.ok) {
    log.warn({ client, address, brake: turns.failure.brake.name }, 'token request braked')
    return refuse(response, turns.failure)
  }
  response.once('finish', () => {
    if (response.statusCode === 401) return log.warn({ client, address }, 'client authentication failed')
    giveBack(db, attempts).catch((error: unknown) => log.error({ err: error }, 'a brake was not released'))
  })
  handle(request, response)
}

/** The client that authenticates with a secret in the header, at most as much of its name as an identifier may have; `null` without one. */
function clientIn(authorization: string | undefined): string | null {
  const [, basic] = /^basic +([A-Za-z0-9+/]+=*)$/i.exec(authorization ?? '') ?? []
  return basic === undefined ? null : (Buffer.from(basic, 'base64').toString('utf8').split(':')[0] ?? '').slice(0, 200)
}

/** In the form of RFC 6749, 5.2. */
function refuse(response: ServerResponse, { retryAfterS }: Braked): void {
  const sentence = `Too many failed attempts of this client: check its secret, and try again in ${retryAfterS} s.`
  response.writeHead(429, { 'content-type': 'application/json', 'retry-after': String(retryAfterS) })
  response.end(JSON.stringify({ error: 'temporarily_unavailable', error_description: sentence }))
}
