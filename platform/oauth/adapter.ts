import { Instant } from '@js-joda/core'
import { and, eq } from 'drizzle-orm'
import { type Adapter, type AdapterPayload, errors } from 'oidc-provider'
import type { Database } from '../db/index.ts'
import { isStorable } from '../http/index.ts'
import { oidcPayload } from './payload-table.ts'
import { consumeOnce, keepNewest, revokeGrant } from './payloads.ts'

/** Finds a registered client by its identifier; `undefined` if there is none or it is not active. */
export type FindClient = (clientId: string) => Promise<AdapterPayload | undefined>

/** Kinds of rows that a browser adds before anybody has logged in. */
const addedByAnybody: ReadonlySet<string> = new Set(['Interaction', 'Session'])

/** How many rows are added between two looks at their number: looking costs more than adding. */
const lookEvery = 64

/** An `oidc-provider` adapter on one jsonb table; clients come from the domain that registers them. */
export function createAdapter(db: Database, findClient: FindClient): new (model: string) => Adapter {
  return class DatabaseAdapter implements Adapter {
    readonly #model: string
    #added = 0

    constructor(model: string) {
      this.#model = model
    }

    async upsert(id: string, payload: AdapterPayload, expiresInS?: number): Promise<void> {
      const expiresAt = expiresInS ? Instant.ofEpochMilli(Date.now() + expiresInS * 1000) : null
      const row = { payload, grantId: payload.grantId ?? null, uid: payload.uid ?? null, expiresAt }
      await db
        .insert(oidcPayload)
        .values({ model: this.#model, id, ...row })
        .onConflictDoUpdate({ target: [oidcPayload.model, oidcPayload.id], set: row })
      if (addedByAnybody.has(this.#model) && ++this.#added % lookEvery === 0) await keepNewest(db, this.#model)
    }

    async find(id: string): Promise<AdapterPayload | undefined> {
      // No identifier that was ever given out holds what cannot be stored, and the database would fail on it.
      if (!isStorable(id)) return undefined
      return this.#model === 'Client'
        ? findClient(id)
        : this.#findBy(and(eq(oidcPayload.model, this.#model), eq(oidcPayload.id, id)))
    }

    async findByUid(uid: string): Promise<AdapterPayload | undefined> {
      if (!isStorable(uid)) return undefined
      return this.#findBy(and(eq(oidcPayload.model, this.#model), eq(oidcPayload.uid, uid)))
    }

    async findByUserCode(): Promise<undefined> {
      return undefined
    }

    async consume(id: string): Promise<void> {
      if (!(await consumeOnce(db, this.#model, id))) throw new errors.InvalidGrant('it was used before')
    }

    async destroy(id: string): Promise<void> {
      await db.delete(oidcPayload).where(this.#key(id))
    }

    async revokeByGrantId(grantId: string): Promise<void> {
      await revokeGrant(db, grantId)
    }

    #key(id: string) {
      return and(eq(oidcPayload.model, this.#model), eq(oidcPayload.id, id))
    }

    async #findBy(condition: ReturnType<typeof and>): Promise<AdapterPayload | undefined> {
      const [row] = await db.select().from(oidcPayload).where(condition).limit(1)
      if (!row || (row.expiresAt && row.expiresAt.toEpochMilli() <= Date.now())) return undefined
      const payload = row.payload as AdapterPayload
      return row.consumedAt ? { ...payload, consumed: Math.floor(row.consumedAt.toEpochMilli() / 1000) } : payload
    }
  }
}
