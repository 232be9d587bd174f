import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { messageOf } from '../../platform/errors/index.ts'
import type { FspContext } from '../app/context.ts'
import { Brake, callerOf } from '../kit/index.ts'
import type { Newcomers } from '../registers/index.ts'
import { identityIn, passwordIn } from './claims.ts'
import type { Credentials } from './credentials.ts'
import { type Subprotocol, subprotocols } from './dialect.ts'
import type { SecurityEvents } from './security-events.ts'
import type { Unit, Units } from './units.ts'

/**
 * How charge points prove themselves (OCPP 1.6 security whitepaper, section 2): 1 by a password over a plain connection, 2 by a password
 * over TLS, 3 by a certificate over TLS.
 */
export type SecurityProfile = 1 | 2 | 3

/** The decision on a request for a connection: the charge point that it comes from, or the answer that refuses it. */
export type Admission = { unit: Unit; subprotocol: Subprotocol } | { status: number; headers: string[] }

/** Failures of one address that are recorded one by one; those after them only count, until the window ends. */
const addressPolicy = { most: 20, windowMs: 5 * 60_000 }
/** The same for all addresses together, so that nobody fills the record from many. */
const totalPolicy = { most: 500, windowMs: 60 * 60_000 }

const everywhere = 'all'

/**
 * Decides at the HTTP upgrade, before a connection exists or replaces another. An unknown identity and a wrong password get the same
 * answer. The brake never stops a charge point with a good password, since a whole depot may share one address with the unit, or the
 * attacker, that fails; guessing 160 random bits is hopeless without it. It keeps failures from filling log and record.
 */
export class Admissions {
  readonly #context: FspContext
  readonly #units: Units
  readonly #credentials: Credentials
  readonly #events: SecurityEvents
  readonly #newcomers: Newcomers
  readonly #byAddress: Brake
  readonly #inAll: Brake

  constructor(
    context: FspContext,
    units: Units,
    parts: { credentials: Credentials; events: SecurityEvents; newcomers: Newcomers },
  ) {
    const { credentials, events, newcomers } = parts
    this.#context = context
    this.#newcomers = newcomers
    this.#units = units
    this.#credentials = credentials
    this.#events = events
    this.#byAddress = new Brake(context.clock, addressPolicy)
    this.#inAll = new Brake(context.clock, totalPolicy)
  }

  async judge(request: IncomingMessage, profile: SecurityProfile): Promise<Admission> {
    // Only browsers send it, and no charge point is one: a page must not use what a person's network reaches (ASVS 5.0 4.4.2).
    if (request.headers.origin !== undefined) return { status: 403, headers: [] }
    const identity = identityIn(request.url ?? '')
    const isProved = await (profile === 3
      ? this.#hasCertificate(request, identity)
      : this.#hasPassword(request, identity))
    const isAdmitted = isProved || (profile !== 3 && (await this.#isLetIn(request, identity)))
    const unit = identity === null ? undefined : this.#units.find(identity)
    if (!unit || !isAdmitted) return this.#refuse(request, identity, profile)
    const subprotocol = subprotocolIn(request)
    return subprotocol ? { unit, subprotocol } : { status: 400, headers: [] }
  }

  /** Refuses a gateway that did not prove which it is: recorded as a charge point's failure is. */
  refuseGateway(request: IncomingMessage): Promise<{ status: number; headers: string[] }> {
    return this.#refuse(request, null, 1)
  }

  async #hasPassword({ headers }: IncomingMessage, identity: string | null): Promise<boolean> {
    const found = this.#credentials.check(identity ?? '', passwordIn(headers.authorization, identity ?? ''))
    if (found === 'next' && identity !== null) await this.#credentials.promote(identity)
    return found !== null
  }

  /**
   * Where strangers are let in, a charge point without a password of ours is what it says it is, registered or not. A password that it
   * shows is kept, so that from then on nobody else can be it.
   */
  async #isLetIn({ headers, socket }: IncomingMessage, identity: string | null): Promise<boolean> {
    if (identity === null || !this.#newcomers.isOpen || this.#credentials.isKnown(identity)) return false
    const isThere = this.#units.find(identity) !== undefined
    if (!isThere && !(await this.#newcomers.accept(identity, callerOf(socket.remoteAddress)))) return false
    const password = passwordIn(headers.authorization, identity)
    if (password) await this.#credentials.pin(identity, password)
    return true
  }

  /** The handshake has checked the certificate's chain and dates; here it has to name the charge point. */
  async #hasCertificate({ socket }: IncomingMessage, identity: string | null): Promise<boolean> {
    const secured = socket as TLSSocket
    if (identity === null || !secured.authorized || this.#credentials.isBlocked(identity)) return false
    const { subject, subjectaltname } = secured.getPeerCertificate()
    const alternatives = (subjectaltname ?? '').split(', ').map((name) => name.replace(/^DNS:/, ''))
    return [subject?.CN, ...alternatives].flat().includes(identity)
  }

  async #refuse(
    { socket, url = '' }: IncomingMessage,
    claimed: string | null,
    profile: SecurityProfile,
  ): Promise<{ status: number; headers: string[] }> {
    const challenge = profile === 3 ? [] : ['WWW-Authenticate: Basic realm="OCPP"']
    const address = callerOf(socket.remoteAddress)
    const waitS = Math.max(this.#byAddress.waitS(address), this.#inAll.waitS(everywhere))
    const isLast = this.#byAddress.failed(address) === addressPolicy.most
    if (waitS > 0) return { status: 429, headers: [`Retry-After: ${waitS}`] }
    this.#inAll.failed(everywhere)
    const event = profile === 3 ? 'InvalidChargePointCertificate' : 'FailedToAuthenticateAtCentralSystem'
    const detail = isLast ? 'further failures from this address are not recorded for a while' : null
    this.#context.log.warn(
      { address, claimed, path: pathOf(url), detail },
      'refused a client that did not prove which charge point it is',
    )
    await this.#events
      .add({ source: 'central-system', identity: claimed, address, event, detail })
      .catch((error) => this.#context.log.error({ reason: messageOf(error) }, 'a security event was not recorded'))
    if (claimed !== null && !this.#units.find(claimed)) await this.#newcomers.refused(claimed, address)
    return { status: 401, headers: challenge }
  }
}

/** The version of OCPP that a charge point would rather speak, of those that we know too: it states them in its order (RFC 6455, 1.9). */
function subprotocolIn({ headers }: IncomingMessage): Subprotocol | undefined {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim())
  return offered.flatMap((each) => subprotocols.filter((known) => known === each))[0]
}

/** The path as it was asked for, without a query, which may hold a secret. */
function pathOf(url: string): string {
  return (url.split('?')[0] ?? '').slice(0, 200)
}
