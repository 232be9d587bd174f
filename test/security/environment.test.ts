import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { type Database, urlOfDatabase } from '../../platform/db/index.ts'
import { StartupError } from '../../platform/errors/index.ts'
import { readPeople, seedPeople } from '../../seeds/index.ts'
import { account } from '../../server/access/accounts/tables.ts'
import { saveAccount } from '../../server/access/index.ts'
import { createTestDatabase } from '../support/database.ts'
import { startTestServer } from '../support/server.ts'

const clock = new SimulatedClock(Instant.parse('2026-01-15T08:00:00Z'))
const demoAccounts = await readPeople()

/** Accounts as they are, and what the database knows of its migrations: all that a start could change. */
async function contentsOf(db: Database) {
  return {
    accounts: await db.select({ name: account.username, hash: account.passwordHash }).from(account),
    migrations: [...(await db.$client`select * from migrations.access`)],
  }
}

/** A database on which a live server runs, with an administrator of the demo's name. */
async function liveDatabase() {
  const { db, url } = await createTestDatabase('server')
  await startTestServer(url, clock, { environment: 'live' })
  const password = 'a password of their own'
  await saveAccount(db, { username: 'admin', fullName: 'Ada', password, roles: ['administrator'] })
  return { db, url }
}

/** A database on which a demo runs, with its accounts. */
async function demoDatabase() {
  const { db, url } = await createTestDatabase('server')
  const { context } = await startTestServer(url, clock, { environment: 'demo' })
  await seedPeople(context)
  return { db, url }
}

/** The same, as a server left it that did not note its environment. */
async function older({ db, url }: { db: Database; url: string }) {
  await db.$client`delete from installation`
  return { db, url }
}

const start = (url: string, environment: 'demo' | 'live') => startTestServer(url, clock, { environment, demoAccounts })

test.each([
  ['', liveDatabase],
  [' from before the environment was noted', () => liveDatabase().then(older)],
])('SEC02 the demo refuses a live database%s, and changes nothing in it', async (_, given) => {
  const { db, url } = await given()
  const before = await contentsOf(db)
  const refused = start(url, 'demo')
  await expect(refused).rejects.toThrow(StartupError)
  await expect(refused).rejects.toThrow(/belongs to a live system.*another folder with --data, or another DATABASE_URL/)
  expect(await contentsOf(db)).toEqual(before)
})

test.each([
  ['', demoDatabase],
  [' from before the environment was noted', () => demoDatabase().then(older)],
])('SEC02 a live server refuses a database of the demo%s', async (_, given) => {
  const { db, url } = await given()
  const before = await contentsOf(db)
  const refused = start(url, 'live')
  await expect(refused).rejects.toThrow(StartupError)
  await expect(refused).rejects.toThrow(/passwords are public.*another folder with --data, or another DATABASE_URL/)
  expect(await contentsOf(db)).toEqual(before)
})

test('SEC02 each starts again on its own, older ones too', async () => {
  for (const [environment, given] of [
    ['live', liveDatabase],
    ['demo', demoDatabase],
  ] as const) {
    const { db, url } = await given()
    await start(url, environment)
    await older({ db, url })
    const { context } = await start(url, environment)
    expect(context.environment).toBe(environment)
    expect([...(await db.$client`select environment from installation`)]).toEqual([{ environment }])
  }
})

test('SEC02 of two that start on a new database at once, the other environment is refused', async () => {
  const { url } = await createTestDatabase('server')
  const both = await Promise.allSettled([start(url, 'live'), start(url, 'demo')])
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
})

test('SEC02 a database that cannot be used is still reported as such', async () => {
  const { url } = await createTestDatabase('server')
  await expect(start(urlOfDatabase(url, 'no_such_database'), 'live')).rejects.toThrow('check DATABASE_URL')
})
