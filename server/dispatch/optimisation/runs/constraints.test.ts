import { Instant, LocalDate } from '@js-joda/core'
import { beforeEach, describe, expect, test } from 'vitest'
import { operations } from '../../../../schemas/operations.ts'
import { periodStarts } from '../../../../schemas/vocabulary/time.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../../../../test/support/dispatch.ts'
import { planInstructions } from '../../instructions/index.ts'

let rig: DispatchRig
beforeEach(async () => {
  rig = await startDispatchRig(Instant.parse('2026-01-14T09:00:00Z'))
})

const starts = periodStarts(LocalDate.parse(rigDay), 'PT15M').map((at) => at.toString().slice(11, 16))

/** Uploads a forecast against a target of 300 kW at the secondary: the W stated over it at the times named, far under it else. */
async function forecast(overW: Record<string, number>): Promise<void> {
  await rig.engineer.ask(operations.setTargetLevel, { params: { nodeId: 'sec' }, body: { targetW: 300_000 } })
  const values = starts.map((time) => 300_000 + (overW[time] ?? -100_000))
  expect(
    (
      await rig.engineer.ask(operations.saveLoadForecast, {
        params: { nodeId: 'sec', day: rigDay },
        body: { resolution: 'PT15M', values },
      })
    ).status,
  ).toBe(200)
}

async function unitWith(name: string, limits: Record<string, unknown>, utilisation = '100.00'): Promise<string> {
  const fuId = await rig.unitFor('A', name, { utilisation })
  await stateLimits(fuId, limits)
  return fuId
}

async function stateLimits(fuId: string, limits: Record<string, unknown>): Promise<void> {
  const { status, body } = await rig.fsp.client.ask(operations.stateConstraints, {
    params: { id: fuId },
    body: { limits },
  })
  expect(status, body.detail).toBe(200)
}

async function optimise(product = 'A') {
  const { status, body } = await rig.engineer.ask(operations.optimise, { body: { tradingDay: rigDay, product } })
  expect(status, body.detail).toBe(200)
  return body
}

async function chosen(fuId: string): Promise<Record<string, number>> {
  const { body } = await rig.engineer.ask(operations.readDispatchSchedule, {
    params: { fuId, day: rigDay, kind: 'optimised' },
  })
  return Object.fromEntries(
    (body.values as (number | null)[]).flatMap((value, i) => (value === null ? [] : [[starts[i] ?? '', value]])),
  )
}

const evening = ['17:00', '17:15', '17:30', '17:45', '18:00', '18:15', '18:30', '18:45']
const always = (w: number) => Object.fromEntries(evening.map((time) => [time, w]))

describe('optimising FUs with constraints', () => {
  test('a least run is kept to: a need of one quarter-hour takes four, and the run says its method and gap', async () => {
    const fuId = await unitWith('Four at least', { minimumRunMinutes: 60 })
    await forecast({ '17:30': 30_000 })
    const run = await optimise()
    expect(run).toMatchObject({ method: 'mixed-integer', nodes: [{ periods: [{ needW: 30_000, shortfallW: 0 }] }] })
    expect(run.gap).toBeLessThan(1e-3)
    const plan = await chosen(fuId)
    expect(Object.keys(plan)).toHaveLength(4)
    expect(plan['17:30']).toBe(30_000)
    // The others are on with as little as may be: 5 % of the 50 kW that it is registered for.
    expect(Object.values(plan).toSorted((a, b) => a - b)).toEqual([2_500, 2_500, 2_500, 30_000])
    const { body } = await rig.engineer.ask(operations.listOptimisations, { query: { day: rigDay, product: 'A' } })
    expect(body.items).toMatchObject([{ method: 'mixed-integer', gap: run.gap }])
  })

  test('most run and number of activations are kept to, and what they leave unmet is reported', async () => {
    const fuId = await unitWith('Once an hour', { maximumRunMinutes: 60, activationsPerDay: 1 })
    await forecast(always(30_000))
    const { nodes } = await optimise()
    const plan = Object.keys(await chosen(fuId))
    expect(plan).toHaveLength(4)
    const first = evening.indexOf(plan[0] ?? '')
    expect(plan).toEqual(evening.slice(first, first + 4))
    const short = nodes[0].periods.filter((p: { shortfallW: number }) => p.shortfallW === 30_000)
    expect(short).toHaveLength(4)
  })

  test('a least turn-down is kept to; the explanation says how much of it a node wanted', async () => {
    const fuId = await unitWith('Twenty at least', { minimumTurnDownW: 20_000 })
    await forecast({ '18:00': 5_000 })
    const { runId } = await optimise()
    expect(await chosen(fuId)).toEqual({ '18:00': 20_000 })
    const { body } = await rig.engineer.ask(operations.explainChoice, { params: { runId, fuId } })
    const period = body.periods.find((p: { turnDownW: number }) => p.turnDownW > 0)
    expect(period).toMatchObject({
      turnDownW: 20_000,
      reasons: [
        { nodeId: 'sec', turnDownW: 5_000, because: 'need' },
        { nodeId: null, turnDownW: 15_000, because: 'least-turn-down' },
      ],
    })
  })

  test('what comes back must not make a new peak: a dearer FU that does not return goes before', async () => {
    const rebound = { share: 1, delayMinutes: 60, overMinutes: 15 }
    const returning = await unitWith('Returns', { rebound, activationsPerDay: 1, maximumRunMinutes: 15 }, '50.00')
    const dear = await rig.unitFor('A', 'Does not', { utilisation: '200.00' })
    // An hour after 17:00 there is no room, an hour after 18:30 there is.
    await forecast({ '17:00': 30_000, '18:00': 0, '18:30': 30_000 })
    await optimise()
    expect(await chosen(returning)).toEqual({ '18:30': 30_000 })
    expect(await chosen(dear)).toEqual({ '17:00': 30_000 })
  })

  test('notice counts from the issue, not from when the day was optimised', async () => {
    // Product A is issued half an hour ahead, however early the day was optimised.
    const ofA = await unitWith('Three quarters of an hour', { noticeMinutes: 45 })
    await forecast({ '17:00': 30_000 })
    expect((await optimise()).nodes[0].periods[0]).toMatchObject({ shortfallW: 30_000, marginalPriceGbpPerMwh: null })
    expect(await chosen(ofA)).toEqual({})
    await stateLimits(ofA, { noticeMinutes: 30 })
    await optimise()
    expect(await chosen(ofA)).toEqual({ '17:00': 30_000 })
    // Product B is issued at 20:00 the day before: 21 h before 17:00.
    await forecast({ '17:00': 60_000 })
    const ofB = await rig.unitFor('B', 'A day ahead')
    await stateLimits(ofB, { noticeMinutes: 21 * 60 + 15 })
    await optimise('B')
    expect(await chosen(ofB)).toEqual({})
    await stateLimits(ofB, { noticeMinutes: 21 * 60 })
    await optimise('B')
    expect(await chosen(ofB)).toEqual({ '17:00': 40_000 })
  })

  test('a contract’s activations are counted over its life: the runs accepted before use them up', async () => {
    const fuId = await unitWith('Twice in all', { activationsPerContract: 2 })
    const planned = ['2026-01-12', '2026-01-13'].map((day) => {
      const from = Instant.parse(`${day}T17:00:00Z`)
      return {
        fuId,
        fspId: rig.fsp.fspId,
        product: 'A' as const,
        plannedAt: from,
        expiresAt: from,
        scheduleKind: 'manual' as const,
        scheduleVersion: 1,
        intervals: [{ from, to: from.plusSeconds(1_800), turnDownW: 10_000 }],
      }
    })
    const { db } = rig.server.context
    await planInstructions(db, planned.slice(0, 1))
    await db.$client`update instruction set state = 'ended'`
    await forecast({ '17:00': 30_000 })
    await optimise()
    expect(await chosen(fuId)).toEqual({ '17:00': 30_000 })
    await planInstructions(db, planned.slice(1))
    await db.$client`update instruction set state = 'ended'`
    await optimise()
    expect(await chosen(fuId)).toEqual({})
  })

  test('FB05 the tick of product B keeps to the constraints too', async () => {
    const fuId = await rig.unitFor('B', 'Day ahead')
    await rig.fsp.client.ask(operations.stateConstraints, {
      params: { id: fuId },
      body: { limits: { minimumRunMinutes: 45 } },
    })
    await forecast({ '17:00': 30_000 })
    rig.startJobs()
    rig.clock.jumpTo(Instant.parse('2026-01-14T19:50:00Z'))
    await rig.clock.advanceTo(Instant.parse('2026-01-14T20:00:00Z'))
    expect(rig.control.received).toMatchObject([{ fuId, product: 'B' }])
    const spans = rig.control.received[0]?.intervals ?? []
    const minutes = spans.map(({ from, to }) => (Date.parse(to) - Date.parse(from)) / 60_000)
    expect(minutes.reduce((sum, each) => sum + each, 0)).toBe(45)
  })

  test('the server answers while it optimises', async () => {
    await unitWith('Slow to choose', { minimumRunMinutes: 60, activationsPerDay: 1 })
    await forecast(always(30_000))
    const order: string[] = []
    const run = optimise().then(() => order.push('run'))
    await rig.engineer.ask(operations.listOptimisations, { query: { day: rigDay } }).then(() => order.push('list'))
    await run
    expect(order).toEqual(['list', 'run'])
  })
})

/** What another product, or the day before, issued to an FU: accepted, from one UTC time to another. */
async function issued(fuId: string, from: string, to: string, turnDownW = 20_000): Promise<void> {
  const [start, end] = [Instant.parse(from), Instant.parse(to)]
  await planInstructions(rig.server.context.db, [
    {
      fuId,
      fspId: rig.fsp.fspId,
      product: 'B',
      plannedAt: start,
      expiresAt: start,
      scheduleKind: 'optimised',
      scheduleVersion: 1,
      intervals: [{ from: start, to: end, turnDownW }],
    },
  ])
  await rig.db.$client`update instruction set state = 'acknowledged', acknowledged_at = now()`
}

describe('limits over everything issued to an FU', () => {
  const at = (time: string) => `${rigDay}T${time}:00Z`

  test('another product’s run counts for the longest run: no W follows it without a break', async () => {
    const fuId = await unitWith('An hour at most', { maximumRunMinutes: 60, minimumTurnDownW: 10_000 })
    await issued(fuId, at('16:00'), at('17:00'))
    await forecast({ '17:00': 10_000, '17:15': 10_000 })
    const { nodes } = await optimise()
    expect(await chosen(fuId)).toEqual({ '17:15': 10_000 })
    expect(nodes[0].periods[0]).toMatchObject({ from: at('17:00'), shortfallW: 10_000 })
  })

  test('and for the number of activations: of one a day nothing is left', async () => {
    const fuId = await unitWith('Once', { activationsPerDay: 1 })
    await issued(fuId, at('10:00'), at('11:00'))
    await forecast({ '17:00': 10_000 })
    await optimise()
    expect(await chosen(fuId)).toEqual({})
  })

  test('and for the shortest run: what it began is gone on with, though nothing is needed', async () => {
    const fuId = await unitWith('Two hours at least', { minimumRunMinutes: 120, minimumTurnDownW: 10_000 })
    await issued(fuId, at('16:00'), at('17:00'))
    await forecast({ '18:45': 0 })
    await optimise()
    expect(await chosen(fuId)).toEqual({ '17:00': 10_000, '17:15': 10_000, '17:30': 10_000, '17:45': 10_000 })
  })

  test('and for the rest between two turn-downs', async () => {
    const fuId = await unitWith('Rests an hour', { minimumRestMinutes: 60, minimumTurnDownW: 10_000 })
    await issued(fuId, at('16:00'), at('16:30'))
    await forecast({ '17:15': 10_000, '17:30': 10_000 })
    await optimise()
    expect(await chosen(fuId)).toEqual({ '17:30': 10_000 })
  })

  test('what yesterday’s turn-down brings back is load today, and what today’s brings back is load tomorrow', async () => {
    const rebound = { share: 1, delayMinutes: 1_440, overMinutes: 15 }
    const returning = await unitWith('Returns a day later', { rebound, minimumTurnDownW: 10_000 }, '50.00')
    const dear = await rig.unitFor('A', 'Does not', { utilisation: '200.00' })
    await issued(returning, '2026-01-14T17:30:00Z', '2026-01-14T17:45:00Z')
    // 20 kW come back at 17:30, where the load is 5 kW under the target: 15 kW are needed.
    await forecast({ '17:00': 20_000, '17:30': -5_000 })
    // Tomorrow at 17:00 there is no room for what today's turn-down at 17:00 brings back; at 17:30 there is.
    const values = starts.map((time) => (time === '17:00' ? 300_000 : 200_000))
    const params = { nodeId: 'sec', day: '2026-01-16' }
    await rig.engineer.ask(operations.saveLoadForecast, { params, body: { resolution: 'PT15M', values } })
    await optimise()
    expect(await chosen(dear)).toEqual({ '17:00': 20_000 })
    expect(await chosen(returning)).toEqual({ '17:30': 15_000 })
  })

  test('a manual schedule that breaks one with what was issued is refused by period and limit', async () => {
    const fuId = await unitWith('An hour at most', { maximumRunMinutes: 60, minimumRunMinutes: 30 })
    const save = (on: Record<string, number>, version: number | null = null) =>
      rig.engineer.ask(operations.saveManualSchedule, {
        params: { fuId, day: rigDay, kind: 'manual' },
        body: { resolution: 'PT15M', values: starts.map((time) => on[time] ?? null) },
        version,
      })
    expect(await save({ '17:00': 10_000 })).toMatchObject({
      status: 422,
      body: {
        errors: [{ field: 'values[68]', message: 'makes a run of 15 min; the FU must run for at least 30 min' }],
      },
    })
    expect((await save({ '17:00': 10_000, '17:15': 10_000 })).status).toBe(200)
    await issued(fuId, at('16:15'), at('17:00'))
    const message = 'makes a run of 75 min; the FU may run for at most 60 min'
    expect((await save({ '17:00': 10_000, '17:15': 10_000 }, 1)).body.errors).toEqual([
      { field: 'values[69]', message },
    ])
    const select = await rig.engineer.ask(operations.selectDispatchSchedule, {
      params: { fuId, day: rigDay },
      body: { kind: 'manual' },
    })
    expect(select).toMatchObject({ status: 409 })
    expect((await save({ '17:00': 2_000, '17:15': 2_500 }, 1)).body.errors).toContainEqual({
      field: 'values[68]',
      message: 'asks for 2000 W; the FU gives at least 2500 W',
    })
  })
})

describe('alternatives', () => {
  test('come only from the branch that could relieve the node', async () => {
    const chosenUnit = await unitWith('Chosen', { minimumRunMinutes: 15 })
    const other = await rig.unitFor('A', 'Also there', { utilisation: '150.00' })
    await forecast({ '17:00': 10_000 })
    const { runId } = await optimise()
    const explained = async (fuId: string) =>
      (await rig.engineer.ask(operations.explainChoice, { params: { runId, fuId } })).body
    const period = (body: { periods: { from: string }[] }, time: string) =>
      body.periods.find((p) => p.from === at(time))
    const at = (time: string) => `${rigDay}T${time}:00Z`
    expect(period(await explained(chosenUnit), '17:00')).toMatchObject({ alternatives: [{ fuId: other }] })
    // An FU behind another node cannot help this one.
    await rig.db.$client`update optimisation_unit set path = '["elsewhere", "pri"]' where fu_id = ${other}`
    expect(period(await explained(chosenUnit), '17:00')).toMatchObject({ alternatives: [] })
    // Where nothing is needed there is nothing to take over.
    expect(period(await explained(chosenUnit), '18:00')).toMatchObject({ alternatives: [] })
    expect((await explained(chosenUnit)).without).toEqual({ shortfallWh: 0, costGbp: 0.125, isExact: true })
  })
})

describe('constraints as FSPs state them', () => {
  test('FA02 they come with the registration or later, are shown, and are audited', async () => {
    const { body: der } = await rig.fsp.client.ask(operations.registerDer, {
      body: {
        name: 'Battery',
        kind: 'battery',
        mpan: rig.mpan,
        ratedW: 50_000,
      },
    })
    const { body: unit } = await rig.fsp.client.ask(operations.registerFlexibleUnit, {
      body: {
        name: 'Battery',
        derIds: [der.derId],
        maxTurnDownW: 40_000,
        limits: { minimumTurnDownW: 5_000, activationsPerDay: 2 },
      },
    })
    expect(unit.limits).toMatchObject({ minimumTurnDownW: 5_000, activationsPerDay: 2, rebound: null })
    const none = { params: { id: unit.fuId }, body: { limits: null } }
    expect((await rig.fsp.client.ask(operations.stateConstraints, none)).body.limits).toBeNull()
    const [entry] = await rig.server.context.db
      .$client`select detail from audit_entry where action = 'fu.limits' order by at desc`
    expect(entry?.['detail']).toMatchObject({ before: { minimumTurnDownW: 5_000 }, after: null })
  })

  test('rejects constraints that nobody could keep to, by name, and leaves those before untouched', async () => {
    const fuId = await unitWith('Careful', { minimumRunMinutes: 30 })
    const put = async (limits: Record<string, unknown>) =>
      (await rig.fsp.client.ask(operations.stateConstraints, { params: { id: fuId }, body: { limits } })).body.errors
    expect(await put({ minimumRunMinutes: 60, maximumRunMinutes: 30 })).toMatchObject([
      { field: 'limits.maximumRunMinutes' },
    ])
    expect(await put({ minimumTurnDownW: 50_001 })).toMatchObject([{ field: 'limits.minimumTurnDownW' }])
    expect(await put({ noticeMinutes: 20 })).toMatchObject([{ field: 'limits.noticeMinutes' }])
    expect(await put({ rebound: { share: 1.5, delayMinutes: 60, overMinutes: 60 } })).toMatchObject([
      { field: 'limits.rebound.share' },
    ])
    const { body } = await rig.fsp.client.ask(operations.readFlexibleUnit, { params: { id: fuId } })
    expect(body.limits).toMatchObject({ minimumRunMinutes: 30 })
  })

  test('FM40 another’s FU does not exist', async () => {
    const none = { params: { id: '00000000-0000-4000-8000-000000000000' }, body: { limits: null } }
    expect((await rig.fsp.client.ask(operations.stateConstraints, none)).status).toBe(404)
  })
})
