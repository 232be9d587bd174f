import { randomUUID } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { eq } from 'drizzle-orm'
import { beforeEach, expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import { operations } from '../../../schemas/operations.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { startTestServer } from '../../../test/support/server.ts'
import { saveTestNetwork } from '../../grid/test/support/site.ts'
import { runWaiting } from './run-demand.ts'
import { changeOwnRun, claimRun } from './run-store.ts'
import { demandRun, demandRunNode } from './tables.ts'

const { db, url } = await createTestDatabase('server')
await saveTestNetwork(db)
const clock = new SimulatedClock(Instant.parse('2026-01-15T10:00:00Z'))
const server = await startTestServer(url, clock)
const planner = await server.person('priya', 'planner')
const viewer = await server.person('otto', 'operator')

const ids: string[] = []
for (const [kind, text] of [
  ['areas', 'code,borough,easting,northing,cars\na,Camden,531000,184000,500\n'],
  ['growth', 'area,2026,2027\na,0.1,0.2\n'],
] as const)
  ids.push((await planner.ask(operations.importDemandEdition, { params: { kind }, text })).body.edition.editionId)

let id: string
beforeEach(async () => {
  await db.delete(demandRun)
  const [areas = '', growth = ''] = ids
  const body = { title: 'Growth', areas, growth, toYear: 2027 }
  id = (await planner.ask(operations.startNetworkRun, { body })).body.runId
})

const state = async () => {
  const { body } = await viewer.ask(operations.readDemandRun, { params: { id } })
  return { state: body.state, progress: body.progress, failure: body.failure }
}
const nodes = async () => (await db.select().from(demandRunNode).where(eq(demandRunNode.runId, id))).length
const after = (seconds: number) => clock.jumpTo(clock.now().plusSeconds(seconds))
const claimed = async () => {
  const run = await claimRun(db, clock.now())
  if (!run) throw new Error('no run waits')
  return run
}

test('a run shows how far it is: nothing while it waits, its share while it is worked on, all of it when it is done', async () => {
  expect(await state()).toEqual({ state: 'waiting', progress: null, failure: null })
  const run = await claimed()
  expect(await state()).toEqual({ state: 'running', progress: 0, failure: null })
  expect(await changeOwnRun(db, run, { progress: 0.25, aliveAt: clock.now() })).toBe(true)
  expect(await state()).toEqual({ state: 'running', progress: 0.25, failure: null })
  after(120)
  await runWaiting(server.context)
  expect(await state()).toEqual({ state: 'done', progress: 1, failure: null })
})

test('a run that waits is cancelled and never begun', async () => {
  const { body } = await planner.ask(operations.cancelDemandRun, { params: { id } })
  expect(body).toMatchObject({ state: 'cancelled', finishedAt: clock.now().toString(), summary: null })
  await runWaiting(server.context)
  expect([(await state()).state, await nodes()]).toEqual(['cancelled', 0])
  const again = await planner.ask(operations.cancelDemandRun, { params: { id } })
  expect([again.status, again.body.detail]).toEqual([409, expect.stringContaining('is cancelled already')])
  expect((await planner.ask(operations.cancelDemandRun, { params: { id: randomUUID() } })).status).toBe(404)
  expect((await viewer.ask(operations.cancelDemandRun, { params: { id } })).status).toBe(403)
})

test('a run that is cancelled while a server works on it stays cancelled, and its result is not stored', async () => {
  const run = await claimed()
  expect((await planner.ask(operations.cancelDemandRun, { params: { id } })).status).toBe(200)
  expect(await changeOwnRun(db, run, { aliveAt: clock.now(), progress: 0.9 })).toBe(false)
  expect(await changeOwnRun(db, run, { state: 'done' })).toBe(false)
  after(600)
  expect(await claimRun(db, clock.now())).toBeNull()
  expect(await state()).toEqual({ state: 'cancelled', progress: 0, failure: null })
})

test('a run whose server died is begun again by another, and the first can no longer finish it', async () => {
  const first = await claimed()
  after(119)
  expect(await claimRun(db, clock.now())).toBeNull()
  after(1)
  await runWaiting(server.context)
  expect([(await state()).state, (await nodes()) > 0]).toEqual(['done', true])
  expect(await changeOwnRun(db, first, { state: 'failed' })).toBe(false)
})

test('a run that ends two servers fails, and does not end a third', async () => {
  await claimed()
  after(120)
  await claimed()
  after(120)
  await runWaiting(server.context)
  expect(await state()).toEqual({ state: 'failed', progress: 0, failure: expect.stringContaining('stopped, twice') })
})

test('a run that a server calls alive is left to it', async () => {
  const run = await claimed()
  after(100)
  await changeOwnRun(db, run, { aliveAt: clock.now() })
  after(100)
  expect(await claimRun(db, clock.now())).toBeNull()
})
