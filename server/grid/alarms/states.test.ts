import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import { operations } from '../../../schemas/operations.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { startTestServer } from '../../../test/support/server.ts'
import { clearAlarm, countAlarms, openSources, raiseAlarm, settleDelays } from './index.ts'

const { db, url } = await createTestDatabase('server')
const start = Instant.parse('2026-01-15T17:00:00Z')
const clock = new SimulatedClock(start)
const server = await startTestServer(url, clock)
const operator = await server.person('olivia', 'operator')

const after = (seconds: number) => start.plusSeconds(seconds)
const lost = (id: string) =>
  ({ kind: 'phase-loss', source: { type: 'hub', id, name: id }, message: `${id}: phase lost.` }) as const
const cause = (id: string) => ({ kind: 'phase-loss', sourceId: id }) as const
const listed = async (id: string, state: 'open' | 'out-of-service' | 'all' = 'open') =>
  (await operator.ask(operations.listAlarms, { query: { state, limit: 500 } })).body.items.filter(
    (alarm: { source: { id: string } }) => alarm.source.id === id,
  )

// The delays of phase-loss are 60 s on and 60 s off.
test('a cause that goes before its on-delay is over is never an alarm', async () => {
  expect(await raiseAlarm(db, after(0), lost('short'))).toBe(false)
  await settleDelays(server.context, after(59))
  await clearAlarm(db, after(59), cause('short'))
  await settleDelays(server.context, after(120))
  expect(await listed('short', 'all')).toEqual([])
})

test('an alarm is raised when its on-delay is over, and clears when its off-delay is, which a return of the cause ends', async () => {
  await raiseAlarm(db, after(0), lost('long'))
  await raiseAlarm(db, after(30), lost('long'))
  await settleDelays(server.context, after(60))
  expect(await listed('long')).toMatchObject([{ state: 'unacknowledged', raisedAt: after(60).toString() }])
  expect(await clearAlarm(db, after(70), cause('long'))).toBe(false)
  expect(await openSources(db, 'phase-loss')).toEqual([])
  await raiseAlarm(db, after(100), lost('long'))
  await settleDelays(server.context, after(130))
  expect(await listed('long')).toMatchObject([{ state: 'unacknowledged', occurrences: 1 }])
  await clearAlarm(db, after(140), cause('long'))
  await settleDelays(server.context, after(199))
  expect(await listed('long')).toMatchObject([{ state: 'unacknowledged' }])
  await settleDelays(server.context, after(200))
  expect(await listed('long')).toMatchObject([{ state: 'cleared-unacknowledged' }])
})

test('a pass over the delays is not held up by causes that others are changing, nor holds up those whose delay still runs', async () => {
  for (const id of ['busy', 'due']) await raiseAlarm(db, after(0), lost(id))
  await raiseAlarm(db, after(50), lost('running'))
  await db.transaction(async (tx) => {
    // Both rows stay locked until this transaction ends.
    await clearAlarm(tx, after(55), cause('busy'))
    await clearAlarm(tx, after(55), cause('running'))
    await settleDelays(server.context, after(60))
    expect(await listed('due')).toMatchObject([{ state: 'unacknowledged' }])
  })
  await settleDelays(server.context, after(120))
  expect([await listed('busy', 'all'), await listed('running', 'all')]).toEqual([[], []])
})

test('a pass settles more delays than one of its transactions takes', async () => {
  const ids = Array.from({ length: 450 }, (_, i) => `many-${i}`)
  for (const id of ids) await raiseAlarm(db, after(0), lost(id))
  await settleDelays(server.context, after(60))
  expect((await openSources(db, 'phase-loss')).filter(({ id }) => id.startsWith('many-'))).toHaveLength(450)
  for (const id of ids) await clearAlarm(db, after(60), cause(id))
  await settleDelays(server.context, after(120))
  expect((await openSources(db, 'phase-loss')).filter(({ id }) => id.startsWith('many-'))).toEqual([])
})

const breach = (id: string) =>
  ({ kind: 'limit-breach', source: { type: 'connection', id, name: id }, message: `${id} imports.` }) as const

test('an alarm out of service is recorded, but neither shown nor counted, also when it comes again, until it is put back', async () => {
  const before = (await countAlarms(db)).high
  await raiseAlarm(db, after(0), breach('works'))
  const [first] = await listed('works')
  const params = { id: first.alarmId }
  const out = await operator.ask(operations.takeOutOfService, { params, body: { reason: 'Works' } })
  expect(out.body).toMatchObject({ outOfService: { by: 'olivia', reason: 'Works' }, state: 'unacknowledged' })
  expect([(await countAlarms(db)).high, await listed('works')]).toEqual([before, []])
  await clearAlarm(db, after(60), { kind: 'limit-breach', sourceId: 'works' })
  await operator.ask(operations.acknowledgeAlarm, { params })
  await raiseAlarm(db, after(120), breach('works'))
  expect(await listed('works')).toEqual([])
  const [again, ...others] = await listed('works', 'out-of-service')
  expect([again.state, again.outOfService.reason, others]).toEqual(['unacknowledged', 'Works', []])
  await operator.ask(operations.putInService, { params: { id: again.alarmId } })
  expect(await listed('works')).toMatchObject([{ alarmId: again.alarmId, outOfService: null }])
  const journal = (await operator.ask(operations.readAlarmJournal, { params: { id: again.alarmId } })).body
  expect(journal.map((e: { event: string; actor: string }) => [e.event, e.actor])).toEqual([
    ['raised', 'ringmain'],
    ['in-service', 'olivia'],
  ])
})

test('only those who run the network take alarms out of service, and with a reason', async () => {
  await raiseAlarm(db, after(0), breach('viewed'))
  const [{ alarmId: id }] = await listed('viewed')
  const planner = await server.person('paul', 'planner')
  const call = { params: { id }, body: { reason: 'r' } }
  expect((await planner.ask(operations.takeOutOfService, call)).status).toBe(403)
  expect((await operator.ask(operations.takeOutOfService, { params: { id }, body: { reason: '' } })).status).toBe(422)
})
