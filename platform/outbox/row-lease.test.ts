import { Instant } from '@js-joda/core'
import { eq, sql } from 'drizzle-orm'
import { pgTable, text } from 'drizzle-orm/pg-core'
import { beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../../test/support/database.ts'
import { instant } from '../db/index.ts'
import { rowLease } from './row-lease.ts'

const { db } = await createTestDatabase('server')
const start = Instant.parse('2026-01-15T08:00:00Z')
const later = (seconds: number) => start.plusSeconds(seconds)

const errand = pgTable('test_errand', {
  id: text().primaryKey(),
  state: text({ enum: ['owed', 'sent'] }).notNull(),
  dueAt: instant('due_at'),
})
const leases = rowLease({ table: errand, key: 'id', due: 'dueAt', leaseS: 60 })
const owed = eq(errand.state, 'owed')
const claimedIds = async (at: Instant, atOnce = 10) =>
  (await leases.claimDue(db, at, owed, atOnce)).map(({ row }) => row.id)
const rowOf = async (id: string) => (await db.select().from(errand).where(eq(errand.id, id)))[0]

beforeEach(async () => {
  await db.execute(sql`drop table if exists test_errand`)
  await db.execute(sql`create table test_errand (id text primary key, state text not null, due_at timestamptz)`)
  await db.insert(errand).values([
    { id: 'b', state: 'owed', dueAt: later(1) },
    { id: 'a', state: 'owed', dueAt: later(2) },
    { id: 'tomorrow', state: 'owed', dueAt: later(500) },
    { id: 'never', state: 'owed', dueAt: null },
    { id: 'done', state: 'sent', dueAt: later(0) },
  ])
})

describe('what is due', () => {
  test('is claimed earliest first, up to a number, and by nobody else while the lease lasts', async () => {
    expect(await claimedIds(later(10), 1)).toEqual(['b'])
    expect(await claimedIds(later(10))).toEqual(['a'])
    expect(await claimedIds(later(69))).toEqual([])
  })

  test('is due again when the lease of a worker that died has ended', async () => {
    expect(await claimedIds(later(10))).toEqual(['b', 'a'])
    expect(await claimedIds(later(70))).toEqual(['a', 'b'])
  })

  test('goes to one of several workers that claim at once, and none waits for another', async () => {
    await db.transaction(async (tx) => {
      await tx.select().from(errand).where(eq(errand.id, 'b')).for('update')
      // The row of one that has not committed is passed over, not waited for.
      expect(await claimedIds(later(10))).toEqual(['a'])
    })
    const claims = await Promise.all([1, 2, 3].map(() => claimedIds(later(80))))
    expect(claims.flat().toSorted()).toEqual(['a', 'b'])
  })
})

describe('a leased row', () => {
  test('is released with what came of it', async () => {
    const [leased] = await leases.claimDue(db, later(10), owed, 1)
    if (!leased) throw new Error('nothing was due')
    expect(await leases.release(db, leased, { state: 'sent', dueAt: null })).toBe(true)
    expect(await rowOf('b')).toEqual({ id: 'b', state: 'sent', dueAt: null })
  })

  test('takes nothing from a worker whose lease has passed to another', async () => {
    const [slow] = await leases.claimDue(db, later(10), owed, 1)
    if (!slow) throw new Error('nothing was due')
    const [quick] = (await leases.claimDue(db, later(70), owed, 10)).filter(({ row }) => row.id === 'b')
    if (!quick) throw new Error('the lease did not end')
    expect(await leases.release(db, slow, { state: 'sent' })).toBe(false)
    expect(await leases.renew(db, later(71), slow)).toBeNull()
    expect(await leases.release(db, quick, { dueAt: later(200) })).toBe(true)
    expect(await rowOf('b')).toEqual({ id: 'b', state: 'owed', dueAt: later(200) })
  })

  test('stays with a worker that renews its lease', async () => {
    const [leased] = await leases.claimDue(db, later(10), owed, 1)
    const renewed = leased && (await leases.renew(db, later(60), leased))
    expect(renewed?.until).toEqual(later(120))
    expect(await claimedIds(later(100))).toEqual(['a'])
    expect(renewed && (await leases.release(db, renewed, { state: 'sent' }))).toBe(true)
  })
})

test('a row that was read before is claimed once, with the state that says so', async () => {
  const seen = await rowOf('a')
  if (!seen) throw new Error('the row is gone')
  const tries = await Promise.all([1, 2].map(() => leases.claim(db, later(10), seen, owed, { state: 'sent' })))
  expect(tries.filter((leased) => leased !== null)).toEqual([
    { row: { id: 'a', state: 'sent', dueAt: later(70) }, until: later(70) },
  ])
  const never = await rowOf('never')
  expect(never && (await leases.claim(db, later(10), never, eq(errand.state, 'sent')))).toBeNull()
  expect(never && (await leases.claim(db, later(10), never, owed))).not.toBeNull()
})

test('several rows are claimed in one statement, except those claimed since they were read', async () => {
  const [a, b] = [await rowOf('a'), await rowOf('b')]
  if (!a || !b) throw new Error('the rows are gone')
  await leases.claim(db, later(10), b)
  const claimed = await leases.claimAll(db, later(20), [a, b], owed, { state: sql`'sent'` })
  expect(claimed).toEqual([{ row: { id: 'a', state: 'sent', dueAt: later(80) }, until: later(80) }])
  expect(await leases.claimAll(db, later(20), [])).toEqual([])
})
