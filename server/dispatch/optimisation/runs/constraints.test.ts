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
  const { status, body } = await rig.fsp.client.ask(operations.stateConstraints, {
    params: { id: fuId },
    body: { limits },
  })
  expect(status, body.detail).toBe(200)
  return fuId
}

async function optimise() {
  const { status, body } = await rig.engineer.ask(operations.optimise, { body: { tradingDay: rigDay, product: 'A' } })
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
    // The others are on with as little as may be.
    expect(Object.values(plan).reduce((sum, w) => sum + w, 0)).toBe(30_300)
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
    expect(period).toMatchObject({ turnDownW: 20_000, reasons: [{ nodeId: 'sec', turnDownW: 5_000 }] })
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

  test('no run begins before its notice', async () => {
    const fuId = await unitWith('Two days ahead', { noticeMinutes: 2_880 })
    await forecast({ '17:00': 30_000 })
    expect((await optimise()).nodes[0].periods[0]).toMatchObject({ shortfallW: 30_000 })
    expect(await chosen(fuId)).toEqual({})
    await rig.fsp.client.ask(operations.stateConstraints, {
      params: { id: fuId },
      body: { limits: { noticeMinutes: 1_440 } },
    })
    await optimise()
    expect(await chosen(fuId)).toEqual({ '17:00': 30_000 })
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
