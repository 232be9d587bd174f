import { Instant } from '@js-joda/core'
import { beforeEach, describe, expect, test } from 'vitest'
import { operations } from '../../schemas/operations.ts'
import { type ControlFsp, startControlFsp } from '../../test/support/control-fsp.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../../test/support/dispatch.ts'
import { registerFsp } from '../../test/support/market.ts'
import { timetableInForce } from '../market/index.ts'
import { saveFuForecast } from '../planning/index.ts'
import { tickProduct } from './issuing/index.ts'

const at = (time: string) => Instant.parse(`${rigDay}T${time}:00Z`)

/** Each test has its own rig: instructions of one must not be outstanding in the next. */
let rig: DispatchRig
beforeEach(async () => {
  rig = await startDispatchRig(Instant.parse(`${rigDay}T16:20:00Z`))
})

describe('the timetable of product A', () => {
  test('FA05 FA08 every 15 min the single window 30 min ahead is sent from the live schedule, and acknowledged', async () => {
    const fuId = await rig.contractedUnit('Evening FU', 30_000)
    rig.startJobs()
    await rig.clock.advanceTo(at('16:29'))
    expect(rig.control.received).toEqual([])
    await rig.clock.advanceTo(at('16:30'))
    expect(rig.control.received).toMatchObject([
      {
        fuId,
        product: 'A',
        intervals: [{ from: `${rigDay}T17:00:00Z`, to: `${rigDay}T17:15:00Z`, turnDownW: 30_000 }],
      },
    ])
    await rig.clock.advanceTo(at('19:10'))
    expect(rig.control.received.map((i) => i.intervals[0]?.from.slice(11, 16))).toEqual([
      ...['17:00', '17:15', '17:30', '17:45', '18:00', '18:15', '18:30', '18:45'],
    ])
    expect(new Set((await rig.instructions(fuId)).map((i) => i.state))).toEqual(new Set(['ended']))
    expect(rig.control.tokensIssued).toBe(1)
    const board = await rig.engineer.ask(operations.readDispatchBoard, { query: { day: rigDay } })
    expect(board.body.totals).toEqual({
      due: 8,
      issued: 8,
      acknowledged: 8,
      refused: 0,
      unknown: 0,
      missed: 0,
      stopped: 0,
    })
  })

  test('FA05 no more than was contracted is asked for, and nothing outside the contracted windows', async () => {
    const fuId = await rig.contractedUnit('Eager FU')
    await rig.schedule(fuId, { '17:00': 50_000, '19:00': 50_000 })
    rig.startJobs()
    await rig.clock.advanceTo(at('19:30'))
    expect(rig.control.received.flatMap((i) => i.intervals)).toMatchObject([{ turnDownW: 40_000 }])
  })

  test('FA09 without a selection nothing is sent', async () => {
    const fuId = await rig.contractedUnit('Unselected FU')
    await rig.server.context.db.$client`delete from schedule_selection where fu_id = ${fuId}`
    rig.startJobs()
    await rig.clock.advanceTo(at('17:00'))
    expect(rig.control.received).toEqual([])
    expect(
      (
        await rig.engineer.ask(operations.selectDispatchSchedule, {
          params: { fuId, day: rigDay },
          body: { kind: 'optimised' },
        })
      ).status,
    ).toBe(404)
  })

  test('E2EPA009 FM11 0 W in mid-profile is an instruction of its own, for the time stated in it', async () => {
    const fuId = await rig.contractedUnit('Stopping FU')
    await rig.schedule(fuId, { '17:00': 40_000, '17:15': 0 })
    rig.startJobs()
    await rig.clock.advanceTo(at('17:00'))
    expect(rig.control.received.map((i) => [i.intervals[0]?.from, i.intervals[0]?.turnDownW])).toEqual([
      [`${rigDay}T17:00:00Z`, 40_000],
      [`${rigDay}T17:15:00Z`, 0],
    ])
  })

  test('E2EPA010 an FU out of service is not instructed, and one back in service is', async () => {
    const fuId = await rig.contractedUnit('Resting FU')
    const declare = (inService: boolean, effectiveFrom: string) =>
      rig.fsp.client.ask(operations.declareServiceStatus, {
        params: { id: fuId },
        body: { inService, effectiveFrom, reason: 'works' },
      })
    await declare(false, `${rigDay}T17:00:00Z`)
    await declare(true, `${rigDay}T17:30:00Z`)
    rig.startJobs()
    await rig.clock.advanceTo(at('17:15'))
    expect(rig.control.received.map((i) => i.intervals[0]?.from)).toEqual([
      `${rigDay}T17:30:00Z`,
      `${rigDay}T17:45:00Z`,
    ])
  })

  test('FM08 two workers that tick at once make one instruction per slot', async () => {
    const fuIds = [await rig.contractedUnit('One'), await rig.contractedUnit('Two')]
    rig.startJobs()
    rig.startJobs()
    await rig.clock.advanceTo(at('16:29'))
    rig.clock.jumpTo(at('16:30'))
    const timetable = await timetableInForce(rig.db, 'A', at('16:30'))
    await Promise.all(Array.from({ length: 6 }, () => tickProduct(rig.server.context, at('16:30'), timetable)))
    await rig.clock.advanceTo(at('16:31'))
    expect(rig.control.received.map((i) => i.fuId).sort()).toEqual([...fuIds].sort())
  })

  test('FM09 a missed tick is recorded and alarmed, never fired late', async () => {
    await rig.contractedUnit('Missed FU')
    rig.startJobs()
    await rig.clock.advanceTo(at('16:30'))
    rig.clock.jumpTo(at('16:50'))
    await rig.clock.advanceTo(at('17:00'))
    expect(rig.control.received.map((i) => i.intervals[0]?.from.slice(11, 16))).toEqual(['17:00', '17:30'])
    const board = await rig.engineer.ask(operations.readDispatchBoard, { query: { day: rigDay } })
    expect(board.body.totals.missed).toBe(1)
    const [row] = await rig.server.context.db.$client`select message, state from alarm where kind = 'dispatch-missed'`
    expect(row).toMatchObject({ message: expect.stringContaining('16:45') })
  })

  test('FM39 the clock steps back over a tick and forward over others: each tick is issued once or recorded as missed, and none is lost', async () => {
    await rig.contractedUnit('Stepped FU')
    rig.startJobs()
    await rig.clock.advanceTo(at('16:31'))
    rig.clock.jumpTo(at('16:28'))
    await rig.clock.advanceTo(at('16:46'))
    // Forward over the ticks of 17:00 and 17:15, back before the former, and on.
    rig.clock.jumpTo(at('17:22'))
    await rig.clock.advanceTo(at('17:23'))
    rig.clock.jumpTo(at('16:50'))
    await rig.clock.advanceTo(at('17:46'))
    const cycles = await rig.server.context.db.$client`
      select to_char(starts_at at time zone 'UTC', 'HH24:MI') as tick, outcome from dispatch_cycle
      where product = 'A' and starts_at >= ${at('16:30').toString()} order by starts_at`
    expect(cycles.map((row) => `${row['tick']} ${row['outcome']}`)).toEqual([
      '16:30 issued',
      '16:45 issued',
      '17:00 missed',
      '17:15 missed',
      '17:30 issued',
      '17:45 issued',
    ])
    const windows = rig.control.received.map(({ intervals }) => intervals[0]?.from.slice(11, 16))
    expect(windows).toEqual(['17:00', '17:15', '18:00', '18:15'])
  })

  test('FM42 a server restored from a backup plans the same instruction again under the same identifier', async () => {
    await rig.contractedUnit('Restored FU')
    rig.startJobs()
    await rig.clock.advanceTo(at('16:30'))
    const { $client } = rig.server.context.db
    await $client`delete from instruction_attempt`
    await $client`delete from instruction`
    await $client`update dispatch_cycle set done_at = null, lease_until = null where starts_at = ${at('16:30').toString()}`
    await tickProduct(rig.server.context, at('16:30'), await timetableInForce(rig.db, 'A', at('16:30')))
    await rig.clock.advanceTo(at('16:31'))
    expect(rig.control.received).toHaveLength(2)
    expect(rig.control.taken.size).toBe(1)
  })
})

describe('the schedule', () => {
  test('FM15 of two editors the second gets a 412 that says what differs, and nothing is lost', async () => {
    const fuId = await rig.contractedUnit('Edited FU')
    const params = { fuId, day: rigDay, kind: 'manual' }
    const read = () => rig.engineer.ask(operations.readDispatchSchedule, { params })
    const save = (edited: object) =>
      rig.engineer.ask(operations.saveManualSchedule, { params, body: edited, version: 1 })
    const { body } = await read()
    const mine = { resolution: 'PT15M', values: body.values.with(68, 1_000) }
    const theirs = { resolution: 'PT15M', values: body.values.with(68, 2_000) }
    expect((await save(theirs)).status).toBe(200)
    const refused = await save(mine)
    expect(refused.status).toBe(412)
    expect(refused.body.errors).toEqual([{ field: 'values[68]', message: 'is 2000 now, and 1000 in yours' }])
    expect(refused.headers.get('etag')).toBe('"2"')
    expect((await read()).body.values).toEqual(theirs.values)
  })

  test('FM01 a clock-change day takes 92, 96 or 100 quarter-hours; a wrong number is named', async () => {
    const fuId = await rig.contractedUnit('Spring FU')
    const put = (day: string, length: number, resolution = 'PT15M') =>
      rig.engineer.ask(
        operations.saveManualSchedule,
        { params: { fuId, day, kind: 'manual' }, body: { resolution, values: Array.from({ length }, () => null) } },
        { 'if-none-match': '*' },
      )
    expect((await put('2026-03-29', 92)).status).toBe(200)
    expect((await put('2026-10-25', 50, 'PT30M')).status).toBe(200)
    expect(await put('2026-01-16', 92)).toMatchObject({ status: 422, body: { errors: [{ field: 'values' }] } })
    expect((await put('2026-01-16', 101)).status).toBe(422)
  })

  test('a change after the tick supersedes what was issued, at the FSP too', async () => {
    const fuId = await rig.contractedUnit('Changed FU')
    rig.startJobs()
    await rig.clock.advanceTo(at('16:40'))
    await rig.schedule(fuId, { '17:00': 10_000 })
    await rig.clock.advanceTo(at('16:41'))
    const [first, second] = rig.control.received
    expect(second).toMatchObject({ supersedes: first?.instructionId, intervals: [{ turnDownW: 10_000 }] })
    expect((await rig.instructions(fuId)).map((i) => i.state)).toEqual(['superseded', 'acknowledged'])

    await rig.schedule(fuId, {})
    await rig.clock.advanceTo(at('16:42'))
    expect(rig.control.received[2]).toMatchObject({ supersedes: second?.instructionId, intervals: [{ turnDownW: 0 }] })
  })

  test('a change before anything left supersedes in silence', async () => {
    const fuId = await rig.contractedUnit('Unsent FU')
    rig.control.isTokenEndpointDown = true
    rig.startJobs()
    await rig.clock.advanceTo(at('16:32'))
    await rig.schedule(fuId, {})
    rig.control.isTokenEndpointDown = false
    await rig.clock.advanceTo(at('16:35'))
    expect(rig.control.received).toEqual([])
    expect((await rig.instructions(fuId)).map((i) => i.state)).toEqual(['superseded'])
  })
})

describe('faults on the way', () => {
  test('FM04 E2EPA011 the token endpoint is down: alarm before the gate, sent when it is back, nothing late', async () => {
    const fuId = await rig.contractedUnit('Waiting FU')
    rig.control.isTokenEndpointDown = true
    rig.startJobs()
    await rig.clock.advanceTo(at('16:31'))
    expect(await rig.openAlarms()).toMatchObject([{ kind: 'dispatch-not-sent', sourceId: rig.fsp.fspId }])
    expect((await rig.instructions(fuId)).map((i) => i.state)).toEqual(['planned'])

    await rig.clock.advanceTo(at('17:01'))
    expect((await rig.instructions(fuId)).map((i) => [i.intervals[0]?.from.slice(11, 16), i.state])).toEqual([
      ['17:00', 'expired'],
      ['17:15', 'planned'],
      ['17:30', 'planned'],
    ])
    rig.control.isTokenEndpointDown = false
    await rig.clock.advanceTo(at('17:02'))
    // Both go out at once: which arrives first is the network's affair.
    const arrived = rig.control.received.map((i) => i.intervals[0]?.from.slice(11, 16))
    expect(arrived.sort()).toEqual(['17:15', '17:30'])
    expect(await rig.openAlarms()).toEqual([])
  })

  test('FM05 a token revoked in mid-run: one refresh, one retry, one effect', async () => {
    await rig.contractedUnit('Revoked FU')
    rig.startJobs()
    await rig.clock.advanceTo(at('16:30'))
    rig.control.behaviour = 'reject-token'
    await rig.clock.advanceTo(at('16:45'))
    expect(rig.control.received).toHaveLength(2)
    expect(rig.control.tokensIssued).toBe(2)
  })

  test('FM06 cut off between send and record: asked for, not sent again', async () => {
    const fuId = await rig.contractedUnit('Crashed FU')
    rig.startJobs()
    await rig.clock.advanceTo(at('16:30'))
    const { $client } = rig.server.context.db
    await $client`update instruction set state = 'sent', acknowledged_at = null, next_attempt_at = ${at('16:31').toString()}`
    await rig.clock.advanceTo(at('16:31'))
    expect((await rig.instructions(fuId)).map((i) => i.state)).toEqual(['acknowledged'])
    expect([rig.control.received.length, rig.control.questions]).toEqual([1, 1])
  })

  test('FM07 outcome unknown: asked for; taken it is acknowledged, never seen it is sent again under the same identifier', async () => {
    const fuId = await rig.contractedUnit('Unknown FU')
    rig.startJobs()
    rig.control.behaviour = 'take-and-hang-up'
    await rig.clock.advanceTo(at('16:30'))
    expect((await rig.instructions(fuId))[0]?.state).toBe('unknown')
    expect(await rig.openAlarms()).toMatchObject([{ kind: 'dispatch-not-sent' }])
    rig.control.behaviour = 'accept'
    await rig.clock.advanceTo(at('16:31'))
    expect((await rig.instructions(fuId))[0]?.state).toBe('acknowledged')
    expect(rig.control.received).toHaveLength(1)
    expect(await rig.openAlarms()).toEqual([])

    rig.control.behaviour = 'hang-up'
    await rig.clock.advanceTo(at('16:45'))
    rig.control.behaviour = 'accept'
    await rig.clock.advanceTo(at('16:46'))
    const [, lost, again] = rig.control.received
    expect(again?.instructionId).toBe(lost?.instructionId)
    expect((await rig.instructions(fuId))[1]?.state).toBe('acknowledged')
    const { body } = await rig.engineer.ask(operations.readInstruction, { params: { id: again?.instructionId } })
    expect(body.attempts.map((a: { action: string; outcome: string }) => [a.action, a.outcome.split(':')[0]])).toEqual([
      ['send', 'unknown'],
      ['ask', 'never-seen'],
      ['send', 'accepted'],
    ])
  })

  test('FM07 never seen and its gate passed: expired, never sent late', async () => {
    const fuId = await rig.contractedUnit('Too late FU')
    rig.startJobs()
    rig.control.behaviour = 'hang-up'
    await rig.clock.advanceTo(at('16:30'))
    rig.control.isTokenEndpointDown = true
    await rig.server.context.db.$client`update instruction set next_attempt_at = ${at('17:05').toString()}`
    rig.control.behaviour = 'accept'
    await rig.clock.advanceTo(at('17:05'))
    const [first] = await rig.instructions(fuId)
    expect(first).toMatchObject({ state: 'expired', reason: expect.stringContaining('never saw') })
    expect(rig.control.received.filter((i) => i.instructionId === first?.instructionId)).toHaveLength(1)
  })

  test('FM07 an unknown that never resolves is given up after a day, with the alarm standing', async () => {
    const fuId = await rig.contractedUnit('Silent FU')
    rig.startJobs()
    rig.control.behaviour = 'server-error'
    await rig.schedule(fuId, { '17:00': 40_000 })
    await rig.clock.advanceTo(at('16:30'))
    expect((await rig.instructions(fuId))[0]?.state).toBe('unknown')
    await rig.server.context.db.$client`update fsp set control_base_url = 'http://127.0.0.1:9'`
    await rig.clock.advanceTo(at('17:20'))
    rig.clock.jumpTo(at('17:16').plusSeconds(86_400))
    await rig.clock.advanceTo(at('17:20').plusSeconds(86_400))
    expect((await rig.instructions(fuId))[0]).toMatchObject({
      state: 'expired',
      reason: 'the FSP never said whether it took it',
    })
    expect(await rig.openAlarms()).toMatchObject([{ kind: 'dispatch-not-sent' }])
  })

  test('an answer that is none leaves the outcome unknown', async () => {
    const fuId = await rig.contractedUnit('Muddled FU')
    rig.startJobs()
    rig.control.behaviour = 'nonsense'
    await rig.clock.advanceTo(at('16:30'))
    expect((await rig.instructions(fuId))[0]).toMatchObject({
      state: 'unknown',
      reason: expect.stringContaining('contract'),
    })
  })

  test('E2EPA017 FB07 a refusal is recorded with its reason and alarmed', async () => {
    const fuId = await rig.contractedUnit('Refusing FU')
    rig.startJobs()
    rig.control.behaviour = 'refuse-outside-window'
    await rig.clock.advanceTo(at('16:31'))
    expect((await rig.instructions(fuId))[0]).toMatchObject({ state: 'refused', reason: 'outside-window' })
    expect(await rig.openAlarms()).toMatchObject([{ kind: 'dispatch-refused', sourceId: fuId }])
    rig.control.behaviour = 'accept'
    await rig.clock.advanceTo(at('16:45'))
    expect(await rig.openAlarms()).toEqual([])
  })

  test('FM10 one FSP hangs: the other has its instruction, and the next tick comes', async () => {
    const slow: ControlFsp = await startControlFsp((await createTestDatabase('server')).db)
    const other = await registerFsp(rig.server, rig.engineer, 'Slow Ltd', slow)
    await rig.contractedUnit('Quick FU')
    await rig.contractedUnit('Hanging FU', 40_000, other)
    slow.behaviour = 'hang'
    rig.startJobs()
    const advanced = rig.clock.advanceTo(at('16:30'))
    await expect.poll(() => rig.control.taken.size).toBe(1)
    await advanced
    expect(slow.received).toHaveLength(1)
    await rig.clock.advanceTo(at('16:30').plusSeconds(30))
    expect(await rig.openAlarms()).toMatchObject([{ kind: 'dispatch-not-sent', sourceId: other.fspId }])
  })
})

describe('what follows an answer', () => {
  test('an accepted turn-down implies a limit, and superseding it by 0 W lifts it', async () => {
    const fuId = await rig.contractedUnit('Limited FU')
    const updatedAt = rig.clock.now()
    await saveFuForecast(rig.server.context.db, [
      { fuId, periodStart: at('17:00'), importW: 65_000, source: 'test', updatedAt },
    ])
    rig.startJobs()
    await rig.clock.advanceTo(at('16:30'))
    const { $client } = rig.server.context.db
    expect(await $client`select limit_w from implied_limit`).toMatchObject([{ limit_w: 25_000 }])
    await rig.schedule(fuId, { '17:00': 0 })
    await rig.clock.advanceTo(at('16:31'))
    expect(await $client`select limit_w from implied_limit`).toHaveLength(0)
  })

  test('FM40 an FSP reports on its own instructions only; a failure raises an alarm, and delivery clears it', async () => {
    const fuId = await rig.contractedUnit('Reporting FU')
    rig.startJobs()
    await rig.clock.advanceTo(at('16:30'))
    const [{ instructionId } = { instructionId: '' }] = await rig.instructions(fuId)
    const report = (status: string) => ({ instructionId, status, at: `${rigDay}T17:00:00Z`, detail: 'no vehicles' })
    const stranger = await registerFsp(rig.server, rig.engineer, 'Stranger Ltd', rig.control)
    expect((await stranger.client.ask(operations.reportOnInstruction, { body: report('failed') })).status).toBe(404)
    expect((await stranger.client.ask(operations.readInstruction, { params: { id: instructionId } })).status).toBe(404)
    expect((await stranger.client.ask(operations.listInstructions, { query: { day: rigDay } })).body.items).toEqual([])
    expect(
      (await rig.fsp.client.ask(operations.reportOnInstruction, { body: { ...report('failed'), status: 'bored' } }))
        .status,
    ).toBe(422)

    for (let i = 0; i < 2; i++)
      expect((await rig.fsp.client.ask(operations.reportOnInstruction, { body: report('failed') })).status).toBe(204)
    expect(await rig.openAlarms()).toMatchObject([
      { kind: 'under-delivery', message: expect.stringContaining('no vehicles') },
    ])
    await rig.fsp.client.ask(operations.reportOnInstruction, { body: report('delivering') })
    expect(await rig.openAlarms()).toEqual([])
    const { body } = await rig.fsp.client.ask(operations.readInstruction, { params: { id: instructionId } })
    expect(body.reports.map((r: { status: string }) => r.status).sort()).toEqual(['delivering', 'failed'])
  })
})
