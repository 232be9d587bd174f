import type { Instant } from '@js-joda/core'
import { and, eq, gt, lt, or } from 'drizzle-orm'
import type { Clock } from '../../platform/clock/index.ts'
import type { Database } from '../../platform/db/index.ts'
import { digestOf, newSecret } from '../../platform/secrets/index.ts'
import type { FspPerson } from '../kit/index.ts'
import { depotAccount, depotSession } from './tables.ts'

/** A session ends when nobody has used it for an hour, and after a working day (OWASP ASVS 5.0, 7.3.1, 7.3.2). */
const idleS = 3_600
const longestS = 12 * 3_600
/** How exactly the last use is known, s: a row is not written for every request. */
const usePrecisionS = 60

/** Sessions of people; the token is kept by its digest only. */
export class Sessions {
  readonly #db: Database
  readonly #clock: Clock

  constructor(db: Database, clock: Clock) {
    this.#db = db
    this.#clock = clock
  }

  async begin(accountId: string): Promise<{ token: string; expiresAt: string }> {
    const now = this.#clock.now()
    const [token, expiresAt] = [newSecret(), now.plusSeconds(longestS)]
    await this.#db.insert(depotSession).values({ tokenDigest: digestOf(token), accountId, expiresAt, lastUsedAt: now })
    return { token, expiresAt: expiresAt.toString() }
  }

  /** The person whose open session a token is; the account is read anew, so that a disabled one is out at once. */
  async find(token: string): Promise<FspPerson | null> {
    const now = this.#clock.now()
    const session = digestOf(token)
    const [found] = await this.#db
      .select()
      .from(depotSession)
      .innerJoin(depotAccount, eq(depotSession.accountId, depotAccount.accountId))
      .where(
        and(
          eq(depotSession.tokenDigest, session),
          gt(depotSession.expiresAt, now),
          gt(depotSession.lastUsedAt, now.minusSeconds(idleS)),
          eq(depotAccount.isDisabled, false),
        ),
      )
    if (!found) return null
    if (found.depot_session.lastUsedAt.isBefore(now.minusSeconds(usePrecisionS)))
      await this.#db.update(depotSession).set({ lastUsedAt: now }).where(eq(depotSession.tokenDigest, session))
    const { accountId, username, fullName, role, depotIds, seesDepotIds } = found.depot_account
    const changes = role === 'sys-admin' || depotIds === null ? null : new Set(depotIds)
    const seen = changes === null || seesDepotIds === null ? null : new Set([...changes, ...seesDepotIds])
    return { kind: 'person', accountId, username, fullName, role, depotIds: seen, changes, session }
  }

  async end(session: string): Promise<void> {
    await this.#db.delete(depotSession).where(eq(depotSession.tokenDigest, session))
  }

  async purge(now: Instant): Promise<void> {
    await this.#db
      .delete(depotSession)
      .where(or(lt(depotSession.expiresAt, now), lt(depotSession.lastUsedAt, now.minusSeconds(idleS))))
  }
}
