import { randomUUID } from 'node:crypto'
import type { Context } from 'hono'
import type { Queryable } from '../../platform/db/index.ts'
import { givenOf, isVersioned, versionIn } from '../../platform/http/index.ts'
import type { Operation } from '../../schemas/vocabulary/operation.ts'
import type { Actor, ActorVariables } from './actors.ts'
import { type AuditRecord, recordAudit } from './audit.ts'
import type { Call } from './calls.ts'
import type { ServerContext } from './context.ts'
import { confine } from './tenant.ts'

export type Http = Context<{ Variables: ActorVariables }>

/** What a verb leaves behind: entries to be written in its transaction, and news for when it is committed. */
export interface Effects {
  writeAudit(tx: Queryable): Promise<void>
  announceAll(): void
}

/** What a verb is given, and what it records to be written and announced. */
export function callOf(
  stated: Operation,
  context: ServerContext,
  c: Http,
): { call: Call<Operation>; effects: Effects } {
  const at = context.clock.now()
  const actor = c.get('actor')
  const records: { record: AuditRecord; by: Actor }[] = []
  const topics = new Set<Parameters<ServerContext['announce']>[0]>()
  const effects: Effects = {
    async writeAudit(tx) {
      for (const { record, by } of records.splice(0)) await recordAudit(tx, at, by, record)
    },
    announceAll() {
      for (const topic of topics) context.announce(topic)
    },
  }
  const given = givenOf(stated, c)
  const call = {
    context,
    actor,
    params: given.params,
    query: given.query,
    // The stream is created on demand, so that a verb can take the request from `http` instead.
    get body() {
      return given.body
    },
    at,
    db: context.db,
    id: randomUUID(),
    version: versionOf(stated, c),
    audit(record: AuditRecord, by: Actor | null = actor) {
      if (!by) throw new Error(`${record.action} has nobody who did it`)
      records.push({ record, by })
    },
    announce: (topic: Parameters<ServerContext['announce']>[0]) => void topics.add(topic),
    async transaction<T>(work: (tx: Queryable) => Promise<T>) {
      const before = records.length
      try {
        return await context.db.transaction(async (tx) => {
          await confine(tx, stated, actor)
          const done = await work(tx)
          await effects.writeAudit(tx)
          return done
        })
      } catch (error) {
        // A rolled-back change leaves no entry, whatever the verb does next.
        records.splice(before)
        throw error
      }
    },
    http: c,
  }
  return { call: call as Call<Operation>, effects }
}

function versionOf(stated: Operation, c: Http): string | null {
  if (stated.conditional) return c.req.header('if-none-match') ?? null
  if (!isVersioned(stated)) return null
  return versionIn({ ifMatch: c.req.header('if-match'), ifNoneMatch: c.req.header('if-none-match') })
}
