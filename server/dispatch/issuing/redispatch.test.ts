import { Instant } from '@js-joda/core'
import { beforeEach, expect, test } from 'vitest'
import { operations } from '../../../schemas/operations.ts'
import { type ControlFsp, startControlFsp } from '../../../test/support/control-fsp.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../../../test/support/dispatch.ts'
import { registerFsp, type TestFsp } from '../../../test/support/market.ts'
import { saveFuForecast } from '../../planning/index.ts'
import { planInstructions } from '../instructions/index.ts'
import { redispatch } from './redispatch.ts'

const at = (time: string, day = rigDay) => Instant.parse(`${day}T${time}:00Z`)
const eve = '2026-01-14'

let rig: DispatchRig
let otherControl: ControlFsp
let other: TestFsp
beforeEach(async () => {
  rig = await startDispatchRig(at('09:00', eve))
  otherControl = await startControlFsp((await createTestDatabase('server')).db)
  other = await registerFsp(rig.server, rig.engineer, 'Second Charging Ltd', otherControl)
  await rig.engineer.ask(operations.setTargetLevel, { params: { nodeId: 'sec' }, body: { targetW: 300_000 } })
  // 30 kW too much from 17:00 to 18:00.
  const values = Array.from({ length: 96 }, (_, i) => (i >= 68 && i < 72 ? 330_000 : 200_000))
  await rig.engineer.ask(operations.saveLoadForecast, {
    params: { nodeId: 'sec', day: rigDay },
    body: { resolution: 'PT15M', values },
  })
})

const declareOut = (fuId: string, effectiveFrom: Instant) =>
  rig.fsp.client.ask(operations.declareServiceStatus, {
    params: { id: fuId },
    body: {
      inService: false,
      effectiveFrom: effectiveFrom.toString(),
      reason: 'works',
    },
  })

const told = (control: ControlFsp) =>
  control.received.map(({ intervals, supersedes }) => [
    ...intervals.map((i) => `${i.from.slice(11, 16)}–${i.to.slice(11, 16)} ${i.turnDownW}`),
    ...(supersedes ? ['supersedes'] : []),
  ])
const impliedTo = async (fuId: string) =>
  (await rig.server.context.db.$client`select 1 from implied_limit where fu_id = ${fuId}`).length
const states = async (of: TestFsp, fuId: string) =>
  (await of.client.ask(operations.listInstructions, { query: { day: rigDay, fuId } })).body.items.map(
    (i: { state: string }) => i.state,
  )

test('E2EPA010 an FU that goes out of service after the tick: another takes its place, and it is held to nothing', async () => {
  const first = await rig.unitFor('B', 'First')
  const second = await rig.unitFor('B', 'Second', { utilisation: '200.00', of: other })
  const common = { fuId: first, importW: 65_000, source: 'test', updatedAt: rig.clock.now() }
  const quarters = ['17:00', '17:15', '17:30', '17:45']
  await saveFuForecast(
    rig.server.context.db,
    quarters.map((time) => ({ ...common, periodStart: at(time) })),
  )
  rig.startJobs()
  rig.clock.jumpTo(at('19:59', eve))
  await rig.clock.advanceTo(at('20:00', eve))
  expect([told(rig.control), told(otherControl)]).toEqual([[['17:00–18:00 30000']], []])
  expect(await impliedTo(first)).toBe(4)
  rig.clock.jumpTo(at('12:00'))
  await declareOut(first, at('13:00'))
  await rig.clock.advanceTo(at('12:01'))
  expect(told(otherControl)).toEqual([['17:00–18:00 30000']])
  // What is out of service is told nothing, and no limit follows any more from what it had accepted.
  expect(await states(rig.fsp, first)).toEqual(['superseded', 'superseded'])
  expect(await impliedTo(first)).toBe(0)
  expect(await states(other, second)).toEqual(['acknowledged'])
  // Once is enough: nothing that is chosen is lost any more.
  await rig.clock.advanceTo(at('12:10'))
  expect([rig.control.received.length, otherControl.received.length]).toEqual([1, 1])
  const later = await rig.server.person('eve', 'flexibility-engineer')
  const { body } = await later.ask(operations.listOptimisations, { query: { day: rigDay, product: 'B' } })
  expect(body.items.map((run: { startedBy: string }) => run.startedBy)).toEqual(['redispatch', 'timetable-B'])
})

test('E2EPA010 in the middle of a window: what has begun goes on to the next quarter-hour, and the other takes over there', async () => {
  const first = await rig.unitFor('B', 'First')
  await rig.unitFor('B', 'Second', { utilisation: '200.00', of: other })
  rig.startJobs()
  rig.clock.jumpTo(at('19:59', eve))
  await rig.clock.advanceTo(at('20:00', eve))
  rig.clock.jumpTo(at('17:20'))
  await declareOut(first, at('17:30'))
  await rig.clock.advanceTo(at('17:21'))
  expect(told(otherControl)).toEqual([['17:30–18:00 30000']])
  expect(told(rig.control).slice(1)).toEqual([['17:00–17:30 30000', '17:30–18:00 0', 'supersedes']])
  // The run says of what stood already what stood, and once.
  const eva = await rig.server.person('eva', 'flexibility-engineer')
  const [run] = (await eva.ask(operations.listOptimisations, { query: { day: rigDay, product: 'B' } })).body.items
  expect(run.nodes[0].periods.map((p: { shortfallW: number }) => p.shortfallW)).toEqual([0, 0, 0, 0])
  const { periods } = (await eva.ask(operations.explainChoice, { params: { runId: run.runId, fuId: first } })).body
  const evening = periods.filter((p: { from: string }) => p.from >= `${rigDay}T17:00` && p.from < `${rigDay}T18:00`)
  expect(evening.map((p: { turnDownW: number }) => p.turnDownW)).toEqual([30_000, 30_000])
})

test('E2EPA010 an FU that has used up its activations of the day by noon does not take the place of another', async () => {
  const chosen = await rig.unitFor('B', 'Chosen')
  const used = await rig.unitFor('B', 'Used up', { utilisation: '150.00' })
  await rig.unitFor('B', 'Dearest', { utilisation: '200.00', of: other })
  await rig.fsp.client.ask(operations.stateConstraints, {
    params: { id: used },
    body: { limits: { activationsPerDay: 1 } },
  })
  rig.startJobs()
  rig.clock.jumpTo(at('19:59', eve))
  await rig.clock.advanceTo(at('20:00', eve))
  const { db } = rig.server.context
  await planInstructions(db, [
    {
      fuId: used,
      fspId: rig.fsp.fspId,
      product: 'B',
      plannedAt: at('09:00'),
      expiresAt: at('10:00'),
      scheduleKind: 'manual',
      scheduleVersion: 1,
      intervals: [{ from: at('10:00'), to: at('10:30'), turnDownW: 10_000 }],
    },
  ])
  await db.$client`update instruction set state = 'ended' where fu_id = ${used}`
  rig.clock.jumpTo(at('12:00'))
  await declareOut(chosen, at('13:00'))
  await rig.clock.advanceTo(at('12:01'))
  expect(told(otherControl)).toEqual([['17:00–18:00 30000']])
  expect(await states(rig.fsp, used)).toEqual(['ended'])
})

test('E2EPA011 the link to an FSP is lost: others take its place, and it is not sent later what they do by then', async () => {
  const first = await rig.unitFor('B', 'First')
  await rig.unitFor('B', 'Second', { utilisation: '200.00', of: other })
  rig.control.isTokenEndpointDown = true
  rig.startJobs()
  rig.clock.jumpTo(at('19:59', eve))
  await rig.clock.advanceTo(at('20:02', eve))
  expect(told(otherControl)).toEqual([['17:00–18:00 30000']])
  expect(await states(rig.fsp, first)).toEqual(['superseded'])
  rig.control.isTokenEndpointDown = false
  await rig.clock.advanceTo(at('20:20', eve))
  expect(told(rig.control)).toEqual([])
})

test('E2EPA011 the link is lost and nobody can take its place: the instruction waits, and goes out when the link is back', async () => {
  const only = await rig.unitFor('B', 'Only')
  rig.control.isTokenEndpointDown = true
  rig.startJobs()
  rig.clock.jumpTo(at('19:59', eve))
  await rig.clock.advanceTo(at('20:05', eve))
  expect(await states(rig.fsp, only)).toEqual(['planned'])
  rig.control.isTokenEndpointDown = false
  await rig.clock.advanceTo(at('20:20', eve))
  expect(told(rig.control)).toEqual([['17:00–18:00 30000']])
  expect(await rig.openAlarms()).toEqual([])
})

test('FA05 of product A too: a window that is issued and one that is not', async () => {
  const first = await rig.unitFor('A', 'First')
  const second = await rig.unitFor('A', 'Second', { utilisation: '200.00', of: other })
  await rig.engineer.ask(operations.optimise, { body: { tradingDay: rigDay, product: 'A' } })
  for (const fuId of [first, second])
    await rig.engineer.ask(operations.selectDispatchSchedule, {
      params: { fuId, day: rigDay },
      body: { kind: 'optimised' },
    })
  rig.clock.jumpTo(at('16:29'))
  rig.startJobs()
  await rig.clock.advanceTo(at('16:35'))
  expect([told(rig.control), told(otherControl)]).toEqual([[['17:00–17:15 30000']], []])
  await declareOut(first, at('17:00'))
  await rig.clock.advanceTo(at('16:45'))
  expect(await states(rig.fsp, first)).toEqual(['superseded', 'superseded'])
  expect(told(otherControl)).toEqual([['17:00–17:15 30000'], ['17:15–17:30 30000']])
})

test('E2EPA010 a re-dispatch that is cut off before its instructions are planned is made again', async () => {
  const first = await rig.unitFor('B', 'First')
  await rig.unitFor('B', 'Second', { utilisation: '200.00', of: other })
  rig.startJobs()
  rig.clock.jumpTo(at('19:59', eve))
  await rig.clock.advanceTo(at('20:00', eve))
  rig.clock.jumpTo(at('12:00'))
  await declareOut(first, at('13:00'))
  const { $client } = rig.db
  await $client`create function cut_off() returns trigger language plpgsql as $$ begin raise 'cut off'; end $$`
  await $client`create trigger cut_off before insert on instruction execute function cut_off()`
  await redispatch(rig.server.context, at('12:01')).catch(() => undefined)
  await $client`drop trigger cut_off on instruction`
  await rig.clock.advanceTo(at('12:02'))
  expect(told(otherControl)).toEqual([['17:00–18:00 30000']])
})
