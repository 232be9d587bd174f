import { Instant } from '@js-joda/core'
import { asc, eq, like, TransactionRollbackError } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import type { Queryable } from '../../../platform/db/index.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { alarmNotice, alarmTarget } from '../notices/tables.ts'
import { clearAlarm, clearAlarms, raiseAlarm, raiseAlarms, releaseAlarms, suppressAlarms } from './index.ts'
import { alarm, alarmJournal, alarmOutOfService } from './tables.ts'

const { db } = await createTestDatabase('server')
const start = Instant.parse('2026-01-15T17:00:00Z')
const later = (seconds: number) => start.plusSeconds(seconds)
const kind = 'limit-breach'

const target = (targetId: string, fromPriority: 'low' | 'critical') =>
  ({ targetId, name: fromPriority, kind: 'webhook', address: 'http://localhost/', fromPriority, active: true }) as const
/** One that hears everything, and one that hears critical alarms only. */
const targets = [
  target('0b7e2a60-2f3d-4b6e-9c11-0c6a5f0f4a01', 'low'),
  target('0b7e2a60-2f3d-4b6e-9c11-0c6a5f0f4a02', 'critical'),
]

const news = (id: string) =>
  ({ source: { type: 'connection', id, name: id.slice(4) }, message: `${id.slice(4)} is over its limit.` }) as const
const raiseOne = (tx: Queryable, id: string, at = later(0)) => raiseAlarm(tx, at, { kind, ...news(id) })

/** What a source has been through before many are raised or cleared. */
const pasts: Record<string, (tx: Queryable, id: string) => Promise<unknown>> = {
  nothing: async () => {},
  active: (tx, id) => raiseOne(tx, id),
  acknowledged: async (tx, id) => {
    await raiseOne(tx, id)
    await tx.update(alarm).set({ state: 'acknowledged' }).where(eq(alarm.sourceId, id))
  },
  cleared: async (tx, id) => {
    await raiseOne(tx, id)
    await clearAlarm(tx, later(10), { kind, sourceId: id })
  },
  closed: async (tx, id) => {
    await raiseOne(tx, id)
    await tx.update(alarm).set({ state: 'closed' }).where(eq(alarm.sourceId, id))
  },
  'out of service': async (tx, id) => {
    const out = { since: later(0), by: 'olivia', reason: 'Works on the site.' }
    await tx.insert(alarmOutOfService).values({ kind, sourceId: id, ...out })
  },
}

/** The alarms of a prefix with their journal and the notices owed, without the identifiers that differ. */
async function known(tx: Queryable, prefix: string) {
  const rows = await tx
    .select()
    .from(alarm)
    .where(like(alarm.sourceId, `${prefix}%`))
    .orderBy(asc(alarm.sourceId), asc(alarm.raisedAt), asc(alarm.state))
  return Promise.all(
    rows.map(async ({ alarmId, sourceId, ...row }) => {
      const journal = await tx
        .select()
        .from(alarmJournal)
        .where(eq(alarmJournal.alarmId, alarmId))
        .orderBy(asc(alarmJournal.entryId))
      const owed = await tx.select().from(alarmNotice).where(eq(alarmNotice.alarmId, alarmId))
      return {
        ...row,
        source: sourceId.slice(4),
        journal: journal.map(({ entryId: _, alarmId: _id, ...entry }) => entry),
        owed: owed.map(({ body, targetId }) => [targetId, body.event]).toSorted(),
      }
    }),
  )
}

type Left = Awaited<ReturnType<typeof known>>

/** Does the same to sources of every past by one and by many, and shows what both left. Nothing of it is kept. */
async function both(one: (tx: Queryable, id: string) => unknown, many: (tx: Queryable, ids: string[]) => unknown) {
  const left: { one: Left; all: Left } = { one: [], all: [] }
  await db
    .transaction(async (tx) => {
      await tx.insert(alarmTarget).values(targets)
      const ids = (prefix: string) =>
        Object.keys(pasts).flatMap((past) => [1, 2, 3].map((i) => `${prefix}:${past} ${i}`))
      for (const id of [...ids('one'), ...ids('all')]) await pasts[id.slice(4, -2)]?.(tx, id)
      for (const id of ids('one')) await one(tx, id)
      await many(tx, ids('all'))
      Object.assign(left, { one: await known(tx, 'one:'), all: await known(tx, 'all:') })
      tx.rollback()
    })
    .catch((error) => expect(error).toBeInstanceOf(TransactionRollbackError))
  return left
}

describe('many alarms at once', () => {
  test('are raised by the rules of one, whatever came before: with their journal, and notices to those who hear them', async () => {
    const { one, all } = await both(
      (tx, id) => raiseOne(tx, id, later(60)),
      (tx, ids) => raiseAlarms(tx, later(60), kind, ids.map(news)),
    )
    expect(all).toEqual(one)
    // Six pasts of three sources, of which the closed ones have an earlier alarm besides.
    expect(all).toHaveLength(21)
    expect(all.filter(({ state }) => state === 'unacknowledged')).toHaveLength(15)
    expect(all.find(({ source }) => source === 'nothing 1')?.owed).toEqual([
      ['0b7e2a60-2f3d-4b6e-9c11-0c6a5f0f4a01', 'raised'],
    ])
    expect(all.find(({ source }) => source === 'out of service 1')).toMatchObject({ outBy: 'olivia', owed: [] })
  })

  test('are cleared by the rules of one', async () => {
    const { one, all } = await both(
      (tx, id) => clearAlarm(tx, later(60), { kind, sourceId: id }),
      (tx, ids) => clearAlarms(tx, later(60), kind, ids),
    )
    expect(all).toEqual(one)
    expect(all.filter(({ clearedAt }) => clearedAt?.equals(later(60)))).toHaveLength(6)
  })

  test('are shown again when the causes that hid them have gone, each with its own cause in the journal', async () => {
    const sources = await db.transaction(async (tx) => {
      for (const id of ['hub-1', 'hub-2', 'hub-3']) await raiseOne(tx, `via:${id}`)
      for (const [causeId, sourceIds] of [
        ['gateway-1', ['via:hub-1', 'via:hub-2']],
        ['gateway-2', ['via:hub-3']],
      ] as const)
        await suppressAlarms(tx, later(5), { kind, sourceIds, causeId })
      await releaseAlarms(tx, later(9), ['gateway-1', 'gateway-2', 'gateway-3'])
      return known(tx, 'via:')
    })
    expect(sources.map(({ source, causeId, journal }) => [source, causeId, journal.at(-1)?.detail])).toEqual([
      ['hub-1', null, 'gateway-1 is back'],
      ['hub-2', null, 'gateway-1 is back'],
      ['hub-3', null, 'gateway-2 is back'],
    ])
  })
})
