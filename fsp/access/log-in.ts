import type { Clock } from '../../platform/clock/index.ts'
import { ProblemError } from '../../platform/http/index.ts'
import type { Log } from '../../platform/log/index.ts'
import { decoyHash, passwordMatches } from '../../platform/secrets/index.ts'
import { Brake, callerOf } from '../kit/index.ts'
import type { AccountRow, Accounts } from './accounts.ts'

/** Failures until the next attempt has to wait for the end of the window (OWASP ASVS 5.0, 6.3.1). */
const policies = {
  /** One person at one address mistypes less often. */
  pair: { most: 5, windowMs: 15 * 60_000 },
  /** Many addresses that try one name, as a botnet does. */
  username: { most: 50, windowMs: 60 * 60_000 },
  /** One address that tries many names. */
  address: { most: 30, windowMs: 15 * 60_000 },
  /** Everything together, so that nobody keeps the processor busy with hashes. */
  total: { most: 500, windowMs: 15 * 60_000 },
} as const

/** Notes a failed attempt for those who look after the FSP. */
export type NoteFailure = (attempt: { username: string; address: string }) => Promise<void>

/** Checks people's passwords, with a brake on guessing. */
export class LogIns {
  readonly #accounts: Accounts
  readonly #log: Log
  readonly #note: NoteFailure
  readonly #brakes: Record<keyof typeof policies, Brake>

  constructor(accounts: Accounts, clock: Clock, log: Log, note: NoteFailure) {
    this.#accounts = accounts
    this.#log = log
    this.#note = note
    const { pair, username, address, total } = policies
    this.#brakes = {
      pair: new Brake(clock, pair),
      username: new Brake(clock, username),
      address: new Brake(clock, address),
      total: new Brake(clock, total),
    }
  }

  /** The account, if the password is its own. An unknown name, a wrong password and a disabled account get the same answer. */
  async check(username: string, password: string, from: string | undefined): Promise<AccountRow> {
    const address = callerOf(from)
    const keys = { pair: `${username} ${address}`, username, address, total: 'all' }
    const each = Object.entries(keys) as [keyof typeof policies, string][]
    const waitS = Math.max(...each.map(([brake, key]) => this.#brakes[brake].waitS(key)))
    if (waitS > 0)
      throw new ProblemError('too-many-attempts', `Too many log-ins have failed: try again in ${waitS} s.`, {
        headers: { 'retry-after': String(waitS) },
      })
    // Counted before the hash is known, so that attempts at the same time do not pass together.
    for (const [brake, key] of each) this.#brakes[brake].failed(key)
    const account = await this.#accounts.find(username)
    const matches = await passwordMatches(password, account?.passwordHash ?? (await decoyHash()))
    if (!account || !matches || account.isDisabled) return this.#fail(username, address)
    for (const [brake, key] of each) this.#brakes[brake].passed(key)
    return account
  }

  async #fail(username: string, address: string): Promise<never> {
    this.#log.warn({ address }, 'a log-in to the depot API failed')
    await this.#note({ username, address })
    throw new ProblemError('wrong-credentials', 'The user name or the password is wrong.')
  }
}
