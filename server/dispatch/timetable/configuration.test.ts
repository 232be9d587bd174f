import { Instant } from '@js-joda/core'
import { beforeEach, describe, expect, test } from 'vitest'
import { operations } from '../../../schemas/operations.ts'
import type { Client } from '../../../test/support/client.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../../../test/support/dispatch.ts'

const at = (time: string, day = rigDay) => Instant.parse(`${day}T${time}:00Z`)

let rig: DispatchRig
let administrator: Client
beforeEach(async () => {
  rig = await startDispatchRig(at('09:00'))
  administrator = await rig.server.person('ada', 'administrator')
})

const settings = async (product: string) => {
  const { body } = await rig.engineer.ask(operations.listTimetables)
  return body.items.find((each: { product: string }) => each.product === product)
}

async function change(product: string, changes: Record<string, unknown>, version = 0) {
  const before = (await settings(product)).settings
  return administrator.ask(
    operations.changeTimetable,
    { params: { product }, body: { ...before, ...changes } },
    { 'if-match': `"${version}"` },
  )
}

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
    for (const kind of ['deviation', 'availability'] as const) {
      const params = { product: 'C', kind }
      const body = { daysBefore: 0, at: '10:00' }
      await administrator.ask(operations.changeScheduleGate, { params, body, version: 0 })
    }
    // A tick at 10:15 would have been owed five minutes ago: it is not fired late, nor is it missed.
    expect((await change('C', daily('10:15'))).body).toMatchObject({ version: 1, changedBy: 'ada' })
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
    for (const kind of ['deviation', 'availability'] as const)
      await administrator.ask(operations.changeScheduleGate, {
        params: { product: 'C', kind },
        body: { daysBefore: 0, at: '09:15' },
        version: 0,
      })
    const rhythm = { kind: 'windows', daysAhead: 0, windows }
    expect((await change('C', { rhythm, graceSeconds: 600, isOptimised: false })).status).toBe(200)
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
    const refused = async (product: string, changes: Record<string, unknown>) => {
      const { status, body } = await change(product, changes)
      expect(status).toBe(422)
      return body.errors.map((error: { field: string }) => error.field)
    }
    expect(await refused('A', { graceSeconds: 1_800 })).toEqual(['graceSeconds'])
    expect(await refused('B', { optimiserSeconds: 90 })).toEqual(['leaseSeconds'])
    const rhythm = { kind: 'daily', at: '12:00', window: { daysAhead: 0, from: '11:00', to: '10:00' } }
    expect(await refused('C', { rhythm })).toEqual(['rhythm.window.to', 'rhythm.window.from', 'graceSeconds'])
    const { settings: present } = await settings('A')
    expect(
      (
        await rig.engineer.ask(
          operations.changeTimetable,
          { params: { product: 'A' }, body: present },
          { 'if-match': '"0"' },
        )
      ).status,
    ).toBe(403)
    expect(
      (await administrator.ask(operations.changeTimetable, { params: { product: 'A' }, body: present })).status,
    ).toBe(428)
    expect((await settings('A')).version).toBe(0)
  })

  test('FM15 of two editors the second gets a 412; every change is audited with what was before', async () => {
    expect((await change('A', { graceSeconds: 300 })).status).toBe(200)
    const second = await change('A', { graceSeconds: 600 })
    expect([second.status, second.headers.get('etag')]).toEqual([412, '"1"'])
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
    const change = (who: Client, body: object, version?: number) =>
      who.ask(operations.changeScheduleGate, {
        params: { product: 'B', kind: 'baseline' },
        body,
        ...(version === undefined ? {} : { version }),
      })
    expect((await change(rig.engineer, gate, 0)).status).toBe(403)
    expect((await change(administrator, gate)).status).toBe(428)
    expect((await change(administrator, { daysBefore: 8, at: '10:05' }, 0)).status).toBe(422)
    expect((await change(administrator, gate, 0)).body).toMatchObject({
      version: 1,
      settings: gate,
    })
    expect((await change(administrator, gate, 0)).status).toBe(412)
    expect((await submit(fuId, 'baseline', '2026-01-16')).status).toBe(200)
    await rig.clock.advanceTo(at('10:00'))
    const late = await submit(fuId, 'baseline', '2026-01-16')
    expect(late.status).toBe(200) // The same once more changes nothing, so it is not late.
    expect((await submit(fuId, 'baseline', '2026-01-17')).status).toBe(200)
    const other = await rig.unitFor('B', 'Late bird')
    expect(await submit(other, 'baseline', '2026-01-16')).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('2026-01-15T10:00:00Z') },
    })
    const { body } = await rig.engineer.ask(operations.listScheduleGates)
    const ofB = body.items.filter((each: { product: string }) => each.product === 'B')
    expect(ofB.map((each: { kind: string; version: number }) => [each.kind, each.version])).toEqual([
      ['baseline', 1],
      ['cost', 0],
      ['deviation', 0],
      ['availability', 0],
    ])
  })
})
