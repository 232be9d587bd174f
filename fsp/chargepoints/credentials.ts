import { randomBytes, timingSafeEqual } from 'node:crypto'
import { digestOf } from '../../platform/secrets/index.ts'
import type { FspContext } from '../app/context.ts'
import { keysOf } from './claims.ts'
import { chargePointCredential } from './tables.ts'
import type { Units } from './units.ts'

type Credential = typeof chargePointCredential.$inferSelect

/** Octets of an AuthorizationKey that we make: the most that the whitepaper allows. */
const keyOctets = 20

const decoyDigest = digestOf(randomBytes(keyOctets).toString('hex'))

/**
 * The passwords of charge points, as digests: each is 160 random bits, which no search through digests finds, so a fast one will do. They
 * are kept in memory too, so that a stranger's attempt costs no query.
 */
export class Credentials {
  readonly #context: FspContext
  readonly #units: Units
  readonly #known = new Map<string, Credential>()
  #firstKeys: ((identity: string) => string) | undefined

  readonly #gateways: () => string[]

  /** @param gateways those that serve charge points, which prove themselves in the same way. */
  constructor(context: FspContext, units: Units, gateways: () => string[] = () => []) {
    this.#gateways = gateways
    this.#context = context
    this.#units = units
  }

  /** @param firstKeys AuthorizationKeys of charge points that have none yet, such as those that they came with. */
  async load(firstKeys?: (identity: string) => string): Promise<void> {
    const rows = await this.#context.db.select().from(chargePointCredential)
    for (const row of rows) this.#known.set(row.identity, row)
    this.#firstKeys = firstKeys
    await this.provide()
  }

  /** Gives charge points that have none yet, such as one that was just registered, the passwords that they came with. */
  async provide(): Promise<void> {
    const { db, clock } = this.#context
    const firstKeys = this.#firstKeys
    const all = [...this.#units.all.map(({ identity }) => identity), ...this.#gateways()]
    const missing = firstKeys ? all.filter((identity) => !this.#known.has(identity)) : []
    if (!firstKeys || missing.length === 0) return
    const made = missing.map((identity) => ({
      identity,
      keyDigest: digestOf(firstKeys(identity).toLowerCase()),
      nextKeyDigest: null,
      isBlocked: false,
      changedAt: clock.now(),
    }))
    await db.insert(chargePointCredential).values(made)
    for (const row of made) this.#known.set(row.identity, row)
  }

  /** Whether a password is the charge point's present one, or the one that it is to have next. An unknown identity takes the same time. */
  check(identity: string, password: Buffer | null): 'present' | 'next' | null {
    const known = this.#known.get(identity)
    const given = (password ? keysOf(password) : []).map(digestOf)
    const isPresent = given.filter((digest) => isSame(digest, known?.keyDigest ?? null)).length > 0
    const isNext = given.filter((digest) => isSame(digest, known?.nextKeyDigest ?? null)).length > 0
    if (!known || known.isBlocked) return null
    return isNext ? 'next' : isPresent ? 'present' : null
  }

  /** Whether a charge point has a password, is to have one, or is blocked. */
  isKnown(identity: string): boolean {
    return this.#known.has(identity)
  }

  /** Keeps the password that a charge point without one shows: from now on it needs it. */
  async pin(identity: string, password: Buffer): Promise<void> {
    const [key] = keysOf(password)
    if (key !== undefined) await this.#store({ ...this.#blank(identity), keyDigest: digestOf(key) })
  }

  isBlocked(identity: string): boolean {
    return this.#known.get(identity)?.isBlocked ?? false
  }

  /** The charge point has connected with its next password: the one before no longer opens anything. */
  async promote(identity: string): Promise<void> {
    const known = this.#known.get(identity)
    if (known?.nextKeyDigest) await this.#store({ ...known, keyDigest: known.nextKeyDigest, nextKeyDigest: null })
  }

  /** Makes a charge point's next AuthorizationKey, in hexadecimal. Its present password stays valid until it connects with the next. */
  async makeNext(identity: string): Promise<string> {
    const key = randomBytes(keyOctets).toString('hex')
    const keyDigest = this.#known.get(identity)?.keyDigest ?? null
    await this.#store({ ...this.#blank(identity), keyDigest, nextKeyDigest: digestOf(key) })
    return key
  }

  /** Drops a next password that the charge point did not take. */
  async dropNext(identity: string): Promise<void> {
    const known = this.#known.get(identity)
    if (known) await this.#store({ ...known, nextKeyDigest: null })
  }

  /** Shuts a charge point out: its passwords are gone, and a certificate does not help it until it gets a new password. */
  async block(identity: string): Promise<void> {
    await this.#store({ ...this.#blank(identity), isBlocked: true })
  }

  #blank(identity: string): Credential {
    const changedAt = this.#context.clock.now()
    return { identity, keyDigest: null, nextKeyDigest: null, isBlocked: false, changedAt }
  }

  async #store(given: Credential): Promise<void> {
    const row = { ...given, changedAt: this.#context.clock.now() }
    await this.#context.db
      .insert(chargePointCredential)
      .values(row)
      .onConflictDoUpdate({ target: chargePointCredential.identity, set: row })
    this.#known.set(row.identity, row)
  }
}

function isSame(digest: string, stored: string | null): boolean {
  const equal = timingSafeEqual(Buffer.from(digest), Buffer.from(stored ?? decoyDigest))
  return equal && stored !== null
}
