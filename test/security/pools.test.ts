import { type ClientRequest, request } from 'node:http'
import { Instant } from '@js-joda/core'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { openSession } from '../../cli/system/portal-client.ts'
import { type Database, openDatabase } from '../../platform/db/index.ts'
import { operations } from '../../schemas/operations.ts'
import { requestOf } from '../../schemas/vocabulary/client.ts'
import { saveAccount } from '../../server/access/index.ts'
import type { Client } from '../support/client.ts'
import { rigDay } from '../support/dispatch.ts'
import { type FspWithAll, startWithTwoFsps, type TwoFsps } from '../support/two-fsps.ts'

let scene: TwoFsps
/** Connections of the test's own: the server's are what is tested. */
let db: Database
const desk = { username: 'olive', password: 'a password of the control room' }
const undo: (() => Promise<unknown> | unknown)[] = []

beforeAll(async () => {
  scene = await startWithTwoFsps()
  const opened = await openDatabase(scene.rig.databaseUrl, { poolSize: 3 })
  db = opened.db
  await saveAccount(db, { ...desk, fullName: 'Olive', roles: ['operator'] })
  return opened.close
}, 240_000)

afterEach(async () => {
  for (const step of undo.splice(0)) await step()
})

/** What must go on whatever else the server is asked for: readiness, a log-in, and the tick of product A that is due next. */
async function expectEssentials(tick: string): Promise<void> {
  const { origin } = new URL(scene.rig.server.url)
  const ready = await fetch(`${origin}/readyz`, { signal: AbortSignal.timeout(20_000) })
  expect([ready.status, await ready.text()]).toEqual([200, 'ready'])
  expect(await within(openSession(origin, desk))).toContain('=')
  await within(scene.rig.clock.advanceTo(Instant.parse(`${rigDay}T${tick}:30Z`)))
  const done = await db.$client`
    select outcome from dispatch_cycle where product = 'A' and starts_at = ${`${rigDay}T${tick}:00Z`} and done_at is not null`
  expect([...done]).toEqual([{ outcome: 'issued' }])
}

/** Rejects if it takes longer than anybody would wait. */
function within<T>(work: Promise<T>): Promise<T> {
  const late = new Promise<never>((_, reject) =>
    setTimeout(() => reject(new Error('it does not go on')), 25_000).unref(),
  )
  return Promise.race([work, late])
}

/** Begins to upload, and sends nothing more than the first line. Resolves with the answer, or `null` if none comes in good time. */
function idleUpload({ fuId }: FspWithAll, client: Client): Promise<{ status: number; retryAfter?: string } | null> {
  const query = { resolution: 'PT15M', meterId: 'm1', stamp: 'period-start' } as const
  const { path, init } = requestOf(operations.uploadReadingFile, { params: { id: fuId }, query, body: '' })
  return new Promise((resolve) => {
    const headers = { ...init.headers, ...client.headers, 'content-length': '100000' }
    const sending: ClientRequest = request(`${scene.rig.server.url}${path}`, { method: 'POST', headers }, (answer) => {
      const retryAfter = answer.headers['retry-after']
      resolve({ status: answer.statusCode ?? 0, ...(retryAfter ? { retryAfter } : {}) })
      answer.resume()
    })
    sending.on('error', () => resolve(null))
    sending.write('at,energy_wh\n2026-01-14T10:00:00Z,5000\n')
    setTimeout(() => resolve(null), 3_000)
    undo.push(() => sending.destroy())
  })
}

test('SEC04 twenty-five idle uploads of one FSP hold nobody up; all but eight of them are sent away', async () => {
  const { one } = scene
  const answers = await Promise.all(Array.from({ length: 25 }, () => idleUpload(one, one.fsp.client)))
  await expectEssentials('17:30')
  expect(answers.filter((answer) => answer === null)).toHaveLength(8)
  expect(answers.filter((answer) => answer?.status === 429 && answer.retryAfter === '30')).toHaveLength(17)
})

test('SEC04 an upload for an FU of somebody else is refused before any of it has arrived', async () => {
  const { one, other } = scene
  expect(await idleUpload(other, one.fsp.client)).toEqual({ status: 404 })
})

test('SEC04 an idle upload leaves no connection in a transaction, and another FSP uploads meanwhile', async () => {
  const { one, other } = scene
  const idle = Array.from({ length: 8 }, () => idleUpload(one, one.fsp.client))
  await Promise.all(idle)
  const busy = await db.$client`
    select state, query from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and (state like 'idle in%' or (state = 'active' and query ilike 'copy%'))`
  expect([...busy]).toEqual([])
  const taken = await other.fsp.client.ask(operations.uploadReadingFile, {
    params: { id: other.fuId },
    query: { resolution: 'PT15M', meterId: 'm2', stamp: 'period-start' },
    text: 'at,energy_wh\n2026-01-11T10:00:00Z,5000\n',
  })
  expect(taken).toMatchObject({ status: 200, body: { stored: 1 } })
})

test('FM36 reports that use up their connections keep neither readiness, log-in nor dispatch waiting', async () => {
  // One has to be open: see `holdAt`.
  await db.$client`select`
  const holder = await db.$client.reserve()
  await holder`begin`
  await holder`lock table statement_line in access exclusive mode`
  const waiting: Promise<unknown>[] = []
  undo.push(async () => {
    await holder`rollback`
    holder.release()
    await Promise.all(waiting)
  })
  const { one } = scene
  for (let n = 0; n < 25; n++)
    waiting.push(one.fsp.client.ask(operations.readStatementCsv, { params: { id: one.statementId } }))
  const locked = async () =>
    (await db.$client`select 1 from pg_locks where relation = 'statement_line'::regclass and not granted`).length
  await expect.poll(locked, { timeout: 25_000 }).toBeGreaterThanOrEqual(4)
  await expectEssentials('18:00')
})
