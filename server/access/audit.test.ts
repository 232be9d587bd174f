import { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { type Database, openDatabase } from '../../platform/db/index.ts'
import { messageOf } from '../../platform/errors/index.ts'
import { type AuditEntry, type AuditFilter, auditCheckedAction, auditTrailSubject } from '../../schemas/access/audit.ts'
import { operations } from '../../schemas/operations.ts'
import type { Client } from '../../test/support/client.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { startTestServer, type TestServer } from '../../test/support/server.ts'
import { type Actor, recordAudit } from '../kit/index.ts'
import { follow, linkHash, root } from './audit/chain.ts'
import { chainHead, verifyChain } from './audit/index.ts'

const clock = new SimulatedClock(Instant.parse('2026-03-02T09:00:00Z'))
const timetable: Actor = { kind: 'system', name: 'timetable' }

const record = (id: string, detail: Record<string, unknown> = {}) => ({
  action: 'thing.changed',
  subject: { type: 'thing', id },
  detail,
})

const write = (db: Database, ...ids: string[]) =>
  db.transaction(async (tx) => {
    for (const id of ids) await recordAudit(tx, clock.now(), timetable, record(id, { note: `“${id}” — £5` }))
  })

/** Changes rows as somebody can who owns the tables: with the triggers off. */
async function tamper(db: Database, statement: ReturnType<typeof sql>): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.execute(sql`set local session_replication_role = replica`)
    await tx.execute(statement)
  })
}

/** Puts another name to the first entry, and makes every hash fit again. */
async function rewrite(db: Database): Promise<void> {
  await tamper(
    db,
    sql`update audit_entry set actor = 'somebody' where entry_id = (select entry_id from audit_link where position = 1)`,
  )
  const rows = await db.execute<{ position: string; content: string }>(
    sql`select l.position, audit_content(e) as content from audit_link l join audit_entry e using (entry_id) order by 1`,
  )
  let hash = ''
  for (const { position, content } of rows) {
    hash = linkHash(hash, content)
    await tamper(db, sql`update audit_link set hash = ${hash} where position = ${position}`)
  }
}

describe('the chain', () => {
  let db: Database

  beforeEach(async () => {
    ;({ db } = await createTestDatabase('server'))
    await write(db, 'first')
    await write(db, 'second', 'third')
    await write(db, 'fourth')
  })

  test('FM43 links every entry to the one committed before it, and holds while nothing is altered', async () => {
    const { entries, head, fault } = await verifyChain(db)
    expect({ entries, fault }).toEqual({ entries: 4, fault: null })
    expect(head).toEqual(await chainHead(db))
    expect(await verifyChain(db, head)).toMatchObject({ fault: null })
  })

  test.each([
    ['a detail', sql`update audit_entry set detail = '{"note": "another"}' where subject_id = 'second'`],
    ['a name', sql`update audit_entry set actor = 'somebody' where subject_id = 'second'`],
    ['an account', sql`update audit_entry set actor_id = 'somebody' where subject_id = 'second'`],
    ['an instant by a millisecond', sql`update audit_entry set at = at + interval '1 ms' where subject_id = 'second'`],
    ['an action', sql`update audit_entry set action = 'thing.read' where subject_id = 'second'`],
    ['a hash', sql`update audit_link set hash = repeat('0', 64) where position = 2`],
  ])('FM43 verification names the first entry of which %s was altered', async (_, statement) => {
    await tamper(db, statement)
    await tamper(db, sql`update audit_entry set detail = '{}' where subject_id = 'fourth'`)
    expect((await verifyChain(db)).fault).toMatchObject({ position: 2, kind: 'altered' })
  })

  test('FM43 verification names an entry, a link and an end that were removed', async () => {
    const { head } = await verifyChain(db)
    await tamper(db, sql`delete from audit_entry where subject_id = 'fourth'`)
    expect((await verifyChain(db)).fault).toMatchObject({ position: 4, kind: 'missing' })
    await tamper(db, sql`delete from audit_link where position = 4`)
    expect((await verifyChain(db)).fault).toBeNull()
    expect((await verifyChain(db, head)).fault).toMatchObject({ position: 4, kind: 'missing' })
    await tamper(db, sql`delete from audit_link where position = 2`)
    expect((await verifyChain(db)).fault).toMatchObject({ position: 2, kind: 'missing' })
  })

  test('FM43 verification names an entry that was slipped in past the server', async () => {
    await tamper(
      db,
      sql`insert into audit_entry (at, actor_kind, actor_id, actor, action, subject_type, subject_id, detail)
          values (now(), 'system', 'x', 'x', 'x', 'x', 'x', '{}')`,
    )
    expect((await verifyChain(db)).fault).toMatchObject({ position: 5, kind: 'unlinked' })
  })

  test('FM43 a chain that was rewritten as a whole no longer holds a head that was noted elsewhere', async () => {
    const { head } = await verifyChain(db)
    await rewrite(db)
    expect((await verifyChain(db)).fault).toBeNull()
    expect((await verifyChain(db, head)).fault).toMatchObject({ kind: 'rewritten' })
  })

  test.each([
    'update audit_entry set actor = actor',
    'delete from audit_entry',
    'truncate audit_entry',
    'update audit_link set hash = hash',
    'delete from audit_link',
    'truncate audit_link',
  ])('the trail only grows: %s is refused', async (statement) => {
    await expect(db.execute(sql.raw(statement)).catch((error) => messageOf(error.cause))).resolves.toMatch(/only grows/)
  })

  test('changes that commit at the same time all find their places, and one that rolls back leaves none', async () => {
    const changes = Array.from({ length: 40 }, (_, n) =>
      db.transaction(async (tx) => {
        await recordAudit(tx, clock.now(), timetable, record(`change ${n}`))
        if (n % 4 === 0) throw new Error('rolled back')
      }),
    )
    await Promise.allSettled(changes)
    expect(await verifyChain(db)).toMatchObject({ entries: 4 + 30, fault: null })
  })

  test('the program computes the same hash as the database, whatever an entry holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        // PostgreSQL stores no NUL and no half of a surrogate pair.
        const given = JSON.parse(JSON.stringify(value).replace(/\\u0000|\\ud[89a-f][0-9a-f]{2}/gi, ''))
        await db.transaction((tx) => recordAudit(tx, clock.now(), timetable, record('any', { given })))
      }),
      { numRuns: 30 },
    )
    expect(await verifyChain(db)).toMatchObject({ entries: 34, fault: null })
  })
})

test('following a chain in stretches finds what following it at once finds', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { maxLength: 20 }), fc.nat(20), fc.nat(20), (texts, cut, altered) => {
      let hash = ''
      const links = texts.map((content, n) => {
        hash = linkHash(hash, content)
        return { position: n + 1, entryId: n, hash, content: n === altered ? `${content}!` : content }
      })
      const atOnce = follow(root, links)
      const first = follow(root, links.slice(0, cut))
      const inTwo = first.fault ? first : follow(first.head, links.slice(cut))
      expect(inTwo).toEqual(atOnce)
      expect(atOnce.fault?.position ?? null).toBe(altered < texts.length ? altered + 1 : null)
    }),
  )
})

describe('the reader', () => {
  let server: TestServer

  beforeAll(async () => {
    const { url, db } = await createTestDatabase('server')
    server = await startTestServer(url, clock)
    await write(db, 'a', 'b')
    await clock.advanceTo(Instant.parse('2026-03-02T10:00:00Z'))
    const grace: Actor = {
      kind: 'person',
      accountId: '6e1fbd4e-6c28-4e38-9e3f-7c2f5a7c2a11',
      username: 'grace',
      fullName: 'Grace',
      roles: new Set(),
    }
    await db.transaction((tx) => recordAudit(tx, clock.now(), grace, record('=c', { by: 'hand' })))
  })

  test('shows an administrator the trail, newest first, with filters and in pages', async () => {
    const admin = await server.person('ada', 'administrator')
    const ids = async (query: AuditFilter & { limit?: number }) => {
      const { body } = await admin.ask(operations.listAuditEntries, { query })
      return body.items.map(({ subjectId }: AuditEntry) => subjectId)
    }
    const own = { subjectType: 'thing' }
    expect(await ids(own)).toEqual(['=c', 'b', 'a'])
    expect(await ids({ ...own, actorId: '6e1fbd4e-6c28-4e38-9e3f-7c2f5a7c2a11' })).toEqual(['=c'])
    expect(await ids({ ...own, action: 'thing.', until: '2026-03-02T10:30:00+01:00' })).toEqual(['b', 'a'])
    expect(await ids({ ...own, action: 'thing_' })).toEqual([])
    const first = await admin.ask(operations.listAuditEntries, { query: { ...own, limit: 2 } })
    const second = await admin.ask(operations.listAuditEntries, {
      query: { ...own, limit: 2, cursor: first.body.nextCursor ?? '' },
    })
    expect([...first.body.items, ...second.body.items].map(({ subjectId }: AuditEntry) => subjectId)).toEqual([
      '=c',
      'b',
      'a',
    ])
    expect(first.body.items[0]).toMatchObject({ actorKind: 'person', actor: 'grace', detail: { by: 'hand' } })
  })

  test('writes the trail of a period to a file, and checks the chain', async () => {
    const admin = await server.person('ada', 'administrator')
    const query = { subjectType: 'thing', from: '2026-03-02T00:00:00Z', until: '2026-03-03T00:00:00Z' }
    const { body } = await admin.ask(operations.downloadAuditCsv, { query })
    const lines = body.trim().split('\r\n')
    expect(lines).toHaveLength(4)
    expect(lines[3]).toContain(`,thing,'=c,`)
    const checked = await admin.ask(operations.verifyAudit, {})
    expect(checked.body.fault).toBeNull()
    expect(checked.body.entries).toBeGreaterThanOrEqual(3)
  })

  test('shows one entry by its place, field by field where it says what was there before', async () => {
    const admin = await server.person('ada', 'administrator')
    const change = { before: { limitW: 5, days: ['Mon'] }, now: { limitW: 7, days: ['Mon'] }, reason: 'works' }
    await server.context.db.transaction((tx) => recordAudit(tx, clock.now(), timetable, record('changed', change)))
    const query = { subjectType: 'thing', subjectId: 'changed' }
    const [found] = (await admin.ask(operations.listAuditEntries, { query })).body.items
    const read = await admin.ask(operations.readAuditEntry, { params: { position: found.position } })
    expect(read.body).toEqual(found)
    expect(read.body).toMatchObject({ changes: [{ field: 'limitW', before: 5, after: 7 }], detail: change })
    expect((await admin.ask(operations.readAuditEntry, { params: { position: 999_999 } })).status).toBe(404)
  })
})

describe('a check of the trail', () => {
  let server: TestServer
  let db: Database
  let admin: Client

  beforeEach(async () => {
    const made = await createTestDatabase('server')
    db = made.db
    server = await startTestServer(made.url, clock)
    await write(db, 'a', 'b')
    admin = await server.person('ada', 'administrator')
  })

  const lastCheck = async () => {
    const query = { subjectType: auditTrailSubject.type, limit: 1 }
    return (await admin.ask(operations.listAuditEntries, { query })).body.items[0]
  }

  test('is an entry of the trail, with who checked it up to where', async () => {
    const { body } = await admin.ask(operations.verifyAudit, {})
    expect(await lastCheck()).toMatchObject({
      actor: 'ada',
      action: auditCheckedAction,
      position: body.entries + 1,
      detail: body,
    })
    expect((await admin.ask(operations.verifyAudit, {})).body).toMatchObject({
      entries: body.entries + 1,
      fault: null,
    })
  })

  test('FM43 names a chain that was rewritten as a whole behind the check before it', async () => {
    const { head } = (await admin.ask(operations.verifyAudit, {})).body
    await rewrite(db)
    const { fault } = (await admin.ask(operations.verifyAudit, {})).body
    expect(fault).toMatchObject({ position: head?.position, kind: 'rewritten' })
    expect((await lastCheck())?.detail).toMatchObject({ fault })
  })
})

test('FM43 a chain is checked from a second connection while others write to it', async () => {
  const { url, db } = await createTestDatabase('server')
  await write(db, 'a')
  const second = await openDatabase(url, { poolSize: 1 })
  const held = db.transaction(async (tx) => {
    await recordAudit(tx, clock.now(), timetable, record('b'))
    return verifyChain(second.db)
  })
  expect(await held).toMatchObject({ entries: 1, fault: null })
  expect(await verifyChain(second.db)).toMatchObject({ entries: 2, fault: null })
  await second.close()
})
