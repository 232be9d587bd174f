import { Instant } from '@js-joda/core'
import { beforeEach, describe, expect, test } from 'vitest'
import { operations } from '../../../schemas/operations.ts'
import type { Client } from '../../../test/support/client.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../../../test/support/dispatch.ts'
import { agreed, secondPerson } from '../../../test/support/second-person.ts'
import { askForTimetable, listedTimetable } from '../../../test/support/timetables.ts'

const at = (time: string, day = rigDay) => Instant.parse(`${day}T${time}:00Z`)

let rig: DispatchRig
let second: Client
beforeEach(async () => {
  rig = await startDispatchRig(at('09:00'))
  second = await secondPerson(rig.server)
})

/** Proposes a change and has it approved; the answer to the proposal, with the timetable as it is then. */
async function change(product: string, changes: object, version = 0) {
  const answer = await askForTimetable(rig.engineer, product, changes, { version })
  if (answer.status !== 200) return answer
  await agreed(second, answer)
  return { ...answer, body: await listedTimetable(rig.engineer, product) }
}

/** The gates of a product with some of them changed. */
const gatesOf = async (product: string, changes: object) => ({
  ...(await listedTimetable(rig.engineer, product))?.settings?.gates,
  ...changes,
})

describe('timetables', () => {
  test('FB06 the configured window is sent at the configured time, from the change on and not before', async () => {
    const fuId = await rig.unitFor('C', 'Balancing', { from: '13:00', to: '17:00' })
    const values = Array.from({ length: 96 }, () => 325_000)
    await rig.engineer.ask(operations.setTargetLevel, { params: { nodeId: 'sec' }, body: { targetW: 300_000 } })
    await rig.engineer.ask(operations.saveLoadForecast, {
      params: { nodeId: 'sec', day: rigDay },
      body: { resolution: 'PT15M', values },
    })
    rig.startJobs()
    const daily = (time: string) => ({
      rhythm: { kind: 'daily', at: time, window: { daysAhead: 0, from: '15:00', to: '16:00' } },
    })
    await rig.clock.advanceTo(at('10:20'))
    const early = { daysBefore: 0, at: '10:00' }
    const gates = await gatesOf('C', { deviation: early, availability: early })
    // A tick at 10:15 would have been owed five minutes ago: it is not fired late, nor is it missed.
    expect((await change('C', { ...daily('10:15'), gates })).body).toMatchObject({
      version: 1,
      changedBy: 'petra.second',
    })
    await rig.clock.advanceTo(at('10:50'))
    expect((await change('C', daily('11:00'), 1)).body).toMatchObject({ version: 2 })
    await rig.clock.advanceTo(at('12:30'))
    expect(rig.control.received).toMatchObject([
      { fuId, product: 'C', intervals: [{ from: `${rigDay}T15:00:00Z`, to: `${rigDay}T16:00:00Z` }] },
    ])
    expect(rig.control.received).toHaveLength(1)
    expect((await rig.openAlarms()).filter((alarm) => alarm.kind === 'dispatch-missed')).toEqual([])
    const { body: board } = await rig.engineer.ask(operations.readDispatchBoard, {
      query: { day: rigDay, product: 'C' },
    })
    expect(board.totals).toMatchObject({ due: 1, acknowledged: 1, missed: 0 })
    const { body: overview } = await rig.engineer.ask(operations.readOverview)
    expect(overview.dispatch).toMatchObject({ due: 1, acknowledged: 1, missed: 0 })
  })

  test('FB06 of several windows of a day each is sent at its own time, and nothing between them', async () => {
    const fuId = await rig.unitFor('C', 'Two windows', { from: '11:00', to: '17:00' })
    const quarters = Array.from({ length: 24 }, (_, i) =>
      at('11:00')
        .plusSeconds(i * 900)
        .toString()
        .slice(11, 16),
    )
    await rig.schedule(fuId, Object.fromEntries(quarters.map((time) => [time, 30_000])))
    await rig.select(fuId)
    const windows = [
      { at: '09:15', from: '11:00', to: '12:00' },
      { at: '10:00', from: '15:00', to: '15:30' },
    ]
    const early = { daysBefore: 0, at: '09:15' }
    const gates = await gatesOf('C', { deviation: early, availability: early })
    const rhythm = { kind: 'windows', daysAhead: 0, windows }
    expect((await change('C', { rhythm, graceSeconds: 600, isOptimised: false, gates })).status).toBe(200)
    rig.startJobs()
    await rig.clock.advanceTo(at('09:20'))
    expect(rig.control.received).toHaveLength(1)
    await rig.clock.advanceTo(at('10:05'))
    expect(rig.control.received).toMatchObject([
      { fuId, intervals: [{ from: `${rigDay}T11:00:00Z`, to: `${rigDay}T12:00:00Z`, turnDownW: 30_000 }] },
      { fuId, intervals: [{ from: `${rigDay}T15:00:00Z`, to: `${rigDay}T15:30:00Z`, turnDownW: 30_000 }] },
    ])
    const { body: board } = await rig.engineer.ask(operations.readDispatchBoard, {
      query: { day: rigDay, product: 'C' },
    })
    expect(board.totals).toMatchObject({ due: 2, acknowledged: 2, missed: 0 })
  })

  test('FA05 windows that overlap those of the timetable before are not sent twice', async () => {
    await rig.contractedUnit('Evening FU')
    rig.startJobs()
    await rig.clock.advanceTo(at('16:50'))
    const spans = () =>
      rig.control.received.map((i) => i.intervals.map(({ from, to }) => [from.slice(11, 16), to.slice(11, 16)]))
    expect(spans()).toEqual([[['17:00', '17:15']], [['17:15', '17:30']]])
    const rhythm = { kind: 'single-window', periodMinutes: 30, aheadMinutes: 15 }
    const answer = await change('A', { rhythm })
    expect(answer.status, answer.body.detail).toBe(200)
    await rig.clock.advanceTo(at('17:30'))
    expect(spans().slice(2)).toEqual([[['17:30', '17:45']], [['17:45', '18:15']]])
  })

  test('FM06 a tick whose worker died is taken over within its grace', async () => {
    await rig.contractedUnit('Left behind')
    rig.startJobs()
    await rig.clock.advanceTo(at('16:29'))
    const lease = at('16:31').toString()
    await rig.server.context.db.$client`
      insert into dispatch_cycle (product, starts_at, lease_until, token)
      values ('A', ${at('16:30').toString()}, ${lease}, gen_random_uuid())`
    await rig.clock.advanceTo(at('16:30'))
    expect(rig.control.received).toEqual([])
    await rig.clock.advanceTo(at('16:32'))
    expect(rig.control.received.map((i) => i.intervals[0]?.from)).toEqual([`${rigDay}T17:00:00Z`])
  })

  test('what could not work is refused by name, and who may not change it is turned away', async () => {
    const refused = async (product: string, changes: object) => {
      const { status, body } = await change(product, changes)
      expect(status).toBe(422)
      return body.errors.map((error: { field: string }) => error.field)
    }
    expect(await refused('A', { graceSeconds: 1_800 })).toEqual(['settings.graceSeconds'])
    expect(await refused('B', { optimiserSeconds: 90 })).toEqual(['settings.leaseSeconds'])
    const rhythm = { kind: 'daily', at: '12:00', window: { daysAhead: 0, from: '11:00', to: '10:00' } }
    expect(await refused('C', { rhythm })).toEqual([
      'settings.rhythm.window.to',
      'settings.rhythm.window.from',
      'settings.graceSeconds',
    ])
    const planner = await rig.server.person('priya', 'planner')
    expect((await askForTimetable(planner, 'A', { graceSeconds: 60 })).status).toBe(403)
    const { settings } = (await listedTimetable(rig.engineer, 'A')) ?? {}
    const unread = { params: { product: 'A' }, body: { settings } }
    expect((await rig.engineer.ask(operations.changeTimetable, unread)).status).toBe(428)
    expect(await askForTimetable(rig.engineer, 'A', null)).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'settings' }] },
    })
    expect((await listedTimetable(rig.engineer, 'A'))?.version).toBe(0)
  })

  test('FM15 of two editors the second gets a 412; every change is audited with what was before', async () => {
    expect((await change('A', { graceSeconds: 300 })).status).toBe(200)
    const late = await change('A', { graceSeconds: 600 })
    expect([late.status, late.headers.get('etag')]).toEqual([412, '"1"'])
    const entries = await rig.server.context.db
      .$client`select detail from audit_entry where action = 'timetable.changed'`
    expect(entries.map((entry) => entry['detail'])).toMatchObject([
      { before: { graceSeconds: 120 }, after: { graceSeconds: 300 } },
    ])
  })
})

describe('gates of schedules', () => {
  const submit = (fuId: string, kind: string, day: string) =>
    rig.fsp.client.ask(operations.submitSchedule, {
      params: { fuId, day, kind },
      body: {
        kind,
        resolution: 'PT30M',
        start: `${day}T00:00:00Z`,
        revision: 1,
        values: Array.from({ length: 48 }, () => 1_000),
      },
    })

  test('a changed gate holds for the next submission, by its new time', async () => {
    const fuId = await rig.unitFor('B', 'Early bird')
    const gate = { daysBefore: 1, at: '10:00' }
    expect(
      await change('B', { gates: await gatesOf('B', { baseline: { daysBefore: 8, at: '10:05' } }) }),
    ).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'settings.gates.baseline.daysBefore' }, { field: 'settings.gates.baseline.at' }] },
    })
    const gates = await gatesOf('B', { baseline: gate })
    expect((await change('B', { gates })).body).toMatchObject({ version: 1, settings: { gates: { baseline: gate } } })
    expect((await submit(fuId, 'baseline', '2026-01-16')).status).toBe(200)
    await rig.clock.advanceTo(at('10:00'))
    const late = await submit(fuId, 'baseline', '2026-01-16')
    expect(late.status).toBe(200) // The same once more changes nothing, so it is not late.
    expect((await submit(fuId, 'baseline', '2026-01-17')).status).toBe(200)
    const other = await rig.unitFor('B', 'Late bird')
    expect(await submit(other, 'baseline', '2026-01-16')).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('at 10:00 GMT on 15 Jan 2026') },
    })
    const { body } = await rig.engineer.ask(operations.listScheduleGates, { query: { day: '2026-01-16' } })
    const early = body.items.find((each: { fuId: string }) => each.fuId === fuId)
    expect(early).toMatchObject({
      fuName: 'Early bird',
      product: 'B',
      gates: [
        {
          kind: 'baseline',
          settings: gate,
          closings: [{ closesAt: '2026-01-15T10:00:00Z', from: '2026-01-16T17:00:00Z', to: '2026-01-16T19:00:00Z' }],
        },
        { kind: 'cost', closings: [{ closesAt: '2026-01-15T18:00:00Z' }] },
        { kind: 'deviation' },
        { kind: 'availability' },
      ],
    })
  })
})
