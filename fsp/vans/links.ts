import { randomUUID } from 'node:crypto'
import { and, desc, eq, isNull } from 'drizzle-orm'
import type { Clock } from '../../platform/clock/index.ts'
import type { Database, Queryable } from '../../platform/db/index.ts'
import { ProblemError } from '../../platform/http/index.ts'
import { digestOf, newSecret } from '../../platform/secrets/index.ts'
import type { DriverLink } from '../../schemas/fsp/drivers.ts'
import type { Entrance, LinkedDriver } from '../kit/index.ts'
import { driverLink } from './tables.ts'

type Row = typeof driverLink.$inferSelect

/** Records a change in its transaction. */
type Note = (tx: Queryable) => Promise<void>

/** How exactly the last use is known, s. */
const usePrecisionS = 60

/** The links of drivers; a token is kept by its digest only. */
export class DriverLinks {
  readonly #db: Database
  readonly #clock: Clock

  constructor({ db, clock }: { db: Database; clock: Clock }) {
    this.#db = db
    this.#clock = clock
  }

  async list(driverId: string): Promise<DriverLink[]> {
    const rows = await this.#db
      .select()
      .from(driverLink)
      .where(eq(driverLink.driverId, driverId))
      .orderBy(desc(driverLink.createdAt))
    return rows.map(viewOf)
  }

  create(
    given: { driverId: string; validDays: number; createdBy: string },
    note: Note,
  ): Promise<{ link: DriverLink; token: string }> {
    const { driverId, validDays, createdBy } = given
    const [token, createdAt] = [newSecret(), this.#clock.now()]
    const row: Row = {
      linkId: randomUUID(),
      driverId,
      tokenDigest: digestOf(token),
      createdBy,
      createdAt,
      expiresAt: createdAt.plusSeconds(validDays * 86_400),
      revokedAt: null,
      lastUsedAt: null,
    }
    return this.#db.transaction(async (tx) => {
      await tx.insert(driverLink).values(row)
      await note(tx)
      return { link: viewOf(row), token }
    })
  }

  /** Revokes a link of a driver at once; one that is revoked stays as it is. */
  revoke(driverId: string, linkId: string, note: Note): Promise<void> {
    const isThis = and(eq(driverLink.driverId, driverId), eq(driverLink.linkId, linkId))
    return this.#db.transaction(async (tx) => {
      const [known] = await tx.select({ linkId: driverLink.linkId }).from(driverLink).where(isThis)
      if (!known) throw new ProblemError('not-found', `Driver ${driverId} has no link ${linkId}.`)
      await tx
        .update(driverLink)
        .set({ revokedAt: this.#clock.now() })
        .where(and(isThis, isNull(driverLink.revokedAt)))
      await note(tx)
    })
  }

  /** How drivers say who they are: the token of a link that has neither ended nor been revoked, as a bearer token. */
  entrance(record: Entrance['record']): Entrance {
    return {
      problems: ['unauthenticated', 'invalid-token', 'forbidden'],
      ...(record ? { record } : {}),
      identify: async (request) => {
        const header = request.headers.get('authorization')
        if (header === null) return null
        const token = /^Bearer (.{1,300})$/.exec(header)?.[1]
        const driver = token && (await this.#find(token))
        if (!driver)
          throw new ProblemError('invalid-token', 'This link has ended: ask your fleet’s office for another.')
        return driver
      },
    }
  }

  async #find(token: string): Promise<LinkedDriver | null> {
    const now = this.#clock.now()
    const [row] = await this.#db
      .select()
      .from(driverLink)
      .where(eq(driverLink.tokenDigest, digestOf(token)))
    if (!row || row.revokedAt || !row.expiresAt.isAfter(now)) return null
    const { linkId, driverId, lastUsedAt } = row
    if (!lastUsedAt?.isAfter(now.minusSeconds(usePrecisionS)))
      await this.#db.update(driverLink).set({ lastUsedAt: now }).where(eq(driverLink.linkId, linkId))
    return { kind: 'driver', linkId, driverId }
  }
}

function viewOf({ linkId, driverId, createdBy, createdAt, expiresAt, revokedAt, lastUsedAt }: Row): DriverLink {
  return {
    linkId,
    driverId,
    createdBy,
    createdAt: createdAt.toString(),
    expiresAt: expiresAt.toString(),
    revokedAt: revokedAt?.toString() ?? null,
    lastUsedAt: lastUsedAt?.toString() ?? null,
  }
}
