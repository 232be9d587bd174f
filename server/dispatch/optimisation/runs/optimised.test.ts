import { Instant, LocalDate } from '@js-joda/core'
import { beforeEach, describe, expect, test } from 'vitest'
import { operations } from '../../../../schemas/operations.ts'
import { periodStarts } from '../../../../schemas/vocabulary/time.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../../../../test/support/dispatch.ts'

let rig: DispatchRig
beforeEach(async () => {
  rig = await startDispatchRig(Instant.parse('2026-01-14T09:00:00Z'))
})

/** Uploads a forecast that is `overW` above a target of 300 kW at the secondary for an hour, and just under it else. */
async function forecast(overW: number, day = rigDay, [from, to] = ['17:00', '18:00']): Promise<void> {
  const values = periodStarts(LocalDate.parse(day), 'PT15M').map((at) => {
    const time = at.toString().slice(11, 16)
    return `${from}` <= time && time < `${to}` ? 300_000 + overW : 299_000
  })
  await rig.engineer.ask(operations.setTargetLevel, { params: { nodeId: 'sec' }, body: { targetW: 300_000 } })
  const { status } = await rig.engineer.ask(operations.saveLoadForecast, {
    params: { nodeId: 'sec', day },
    body: { resolution: 'PT15M', values },
  })
  expect(status).toBe(200)
}

const optimise = (product: string, tradingDay = rigDay) =>
  rig.engineer.ask(operations.optimise, { body: { tradingDay, product } })

const chosen = async (fuId: string, day = rigDay): Promise<Record<string, number>> => {
  const { body } = await rig.engineer.ask(operations.readDispatchSchedule, { params: { fuId, day, kind: 'optimised' } })
  const starts = periodStarts(LocalDate.parse(day), 'PT15M').map((at) => at.toString().slice(11, 16))
  return Object.fromEntries(
    (body.values as (number | null)[]).flatMap((value, i) => (value === null ? [] : [[starts[i] ?? '', value]])),
  )
}

describe('optimised schedules', () => {
  test('FA07 forecasts and targets decide how much; prices decide who; every W is explained', async () => {
    const dear = await rig.unitFor('A', 'Dear', { utilisation: '200.00' })
    const cheap = await rig.unitFor('A', 'Cheap', { utilisation: '90.00' })
    await forecast(50_000)
    const { body: run } = await optimise('A')
    expect(run.nodes).toMatchObject([{ nodeId: 'sec', name: 'Almeida St' }])
    expect(run.nodes[0].periods[0]).toEqual({
      from: `${rigDay}T17:00:00Z`,
      needW: 50_000,
      shortfallW: 0,
      marginalPriceGbpPerMwh: 200,
      isMarginalExact: true,
    })
    expect(await chosen(cheap)).toEqual({ '17:00': 40_000, '17:15': 40_000, '17:30': 40_000, '17:45': 40_000 })
    expect(await chosen(dear)).toEqual({ '17:00': 10_000, '17:15': 10_000, '17:30': 10_000, '17:45': 10_000 })
    const { body: why } = await rig.engineer.ask(operations.explainChoice, {
      params: { runId: run.runId, fuId: cheap },
    })
    // Without it 30 kW more of the dear one at £200, and 10 kW for nobody: 4 × ¼ h × (30 kW × £200 − 40 kW × £90).
    expect(why.without).toEqual({ shortfallWh: 10_000, costGbp: 2.4, isExact: true })
    expect(why.periods[0]).toMatchObject({
      turnDownW: 40_000,
      availableW: 40_000,
      priceGbpPerMwh: '90.00',
      marginalPriceGbpPerMwh: 200,
      reasons: [{ nodeId: 'sec', turnDownW: 40_000 }],
      alternatives: [{ fuId: dear, leftW: 30_000 }],
    })
  })

  test('a node of which no load is expected is a stated state, not a node without a need', async () => {
    await rig.unitFor('A', 'Only')
    const { body: before } = await optimise('A')
    expect(before.nodes).toEqual([])
    const lacking = (nodeId: string, periods: number) => expect.objectContaining({ nodeId, lacks: 'forecast', periods })
    expect(before.unknown).toEqual([lacking('gsp', 96), lacking('pri', 96), lacking('sec', 96)])
    await forecast(-50_000)
    const { body: after } = await optimise('A')
    expect(after.nodes).toEqual([])
    expect(after.unknown).toEqual([lacking('gsp', 96), lacking('pri', 96)])
    const { body: listed } = await rig.engineer.ask(operations.listOptimisations, { query: { day: rigDay } })
    // Both runs are of one virtual instant, so that either may come first.
    expect(listed.items).toContainEqual(expect.objectContaining({ runId: after.runId, unknown: after.unknown }))
  })

  test('FA07 unmet need is reported, never hidden', async () => {
    await rig.unitFor('A', 'Only')
    await forecast(100_000)
    const { body } = await optimise('A')
    expect(body.nodes[0].periods).toHaveLength(4)
    expect(body.nodes[0].periods[0]).toMatchObject({ needW: 100_000, shortfallW: 60_000 })
  })

  test('what another product turns down is counted: B by its timetable without a selection, A only once it is selected', async () => {
    const ofA = await rig.unitFor('A', 'Firm')
    const ofB = await rig.unitFor('B', 'Spot', { utilisation: '90.00' })
    await forecast(30_000)
    await optimise('A')
    await optimise('B')
    expect(Object.keys(await chosen(ofB))).toHaveLength(4)
    // Now that B is live, nothing is left for A to do; and B still has all to do, as nobody has selected A's schedule.
    await optimise('A')
    expect(await chosen(ofA)).toEqual({})
    await optimise('B')
    expect(Object.keys(await chosen(ofB))).toHaveLength(4)
  })

  test('FB03 FB04 E2EPA010 submitted cost, deviation, availability and service count', async () => {
    const first = await rig.unitFor('A', 'First')
    const second = await rig.unitFor('A', 'Second')
    const out = await rig.unitFor('A', 'Out', { utilisation: '1.00' })
    const submit = (fuId: string, kind: string, value: number | string) =>
      rig.fsp.client.ask(operations.submitSchedule, {
        params: { fuId, day: rigDay, kind },
        body: {
          kind,
          resolution: 'PT30M',
          start: `${rigDay}T00:00:00Z`,
          revision: 1,
          values: Array.from({ length: 48 }, () => value),
        },
      })
    expect((await submit(first, 'cost', '150.00')).status).toBe(200)
    await submit(second, 'deviation', 15_000)
    await submit(first, 'availability', 20_000)
    const status = { inService: false, effectiveFrom: '2026-01-14T00:00:00Z', reason: 'works' }
    await rig.fsp.client.ask(operations.declareServiceStatus, { params: { id: out }, body: status })
    await forecast(30_000)
    await optimise('A')
    expect((await chosen(second))['17:00']).toBe(15_000)
    expect((await chosen(first))['17:00']).toBe(15_000)
    expect(await chosen(out)).toEqual({})
  })

  test('FA09 the optimised schedule is sent once it is selected, and a new run revises what was issued', async () => {
    const fuId = await rig.unitFor('A', 'Selected')
    await forecast(30_000)
    await optimise('A')
    await rig.engineer.ask(operations.selectDispatchSchedule, {
      params: { fuId, day: rigDay },
      body: { kind: 'optimised' },
    })
    rig.clock.jumpTo(Instant.parse(`${rigDay}T16:20:00Z`))
    rig.startJobs()
    await rig.clock.advanceTo(Instant.parse(`${rigDay}T16:30:00Z`))
    expect(rig.control.received.map((i) => i.intervals[0]?.turnDownW)).toEqual([30_000])
    const engineer = await rig.server.person('erin', 'flexibility-engineer')
    rig.engineer.headers['cookie'] = engineer.headers['cookie'] ?? ''
    await forecast(20_000)
    await optimise('A')
    await rig.clock.advanceTo(Instant.parse(`${rigDay}T16:31:00Z`))
    expect(rig.control.received.map((i) => i.intervals[0]?.turnDownW)).toEqual([30_000, 20_000])
  })

  test('FA09 a manual schedule that is selected for A leaves what is optimised for B of the same FU and day', async () => {
    const fuId = await rig.contractedUnit('Both', 20_000)
    await rig.unitFor('B', 'Both', { fuId, from: '19:00', to: '20:00' })
    await forecast(30_000, rigDay, ['19:00', '20:00'])
    const select = (body: { kind: 'manual' | 'optimised'; product?: string }) =>
      rig.engineer.ask(operations.selectDispatchSchedule, { params: { fuId, day: rigDay }, body })
    const shown = async (product: string) => {
      const { body } = await rig.engineer.ask(operations.readDispatchBoard, { query: { day: rigDay, product } })
      return body.rows.find((row: { fuId: string }) => row.fuId === fuId)?.selected
    }
    // The rig selects for all products; B's own selection goes before it.
    expect([await shown('A'), await shown('B')]).toEqual(['manual', 'manual'])
    await optimise('B')
    expect((await select({ kind: 'optimised', product: 'B' })).body).toEqual({ kind: 'optimised', product: 'B' })
    expect([await shown('A'), await shown('B')]).toEqual(['manual', 'optimised'])
    // One for all products is for all, whatever was selected before.
    await select({ kind: 'manual' })
    expect([await shown('A'), await shown('B')]).toEqual(['manual', 'manual'])
    await select({ kind: 'optimised', product: 'B' })
    rig.startJobs()
    rig.clock.jumpTo(Instant.parse('2026-01-14T19:59:00Z'))
    await rig.clock.advanceTo(Instant.parse('2026-01-14T20:00:00Z'))
    rig.clock.jumpTo(Instant.parse(`${rigDay}T16:29:00Z`))
    await rig.clock.advanceTo(Instant.parse(`${rigDay}T16:30:00Z`))
    expect(rig.control.received.map(({ product, intervals }) => [product, intervals])).toEqual([
      ['B', [{ from: `${rigDay}T19:00:00Z`, to: `${rigDay}T20:00:00Z`, turnDownW: 30_000 }]],
      ['A', [{ from: `${rigDay}T17:00:00Z`, to: `${rigDay}T17:15:00Z`, turnDownW: 20_000 }]],
    ])
  })

  test('a forecast of the wrong length and a node that is not there are refused', async () => {
    const values = Array.from({ length: 95 }, () => 1)
    const wrong = await rig.engineer.ask(operations.saveLoadForecast, {
      params: { nodeId: 'sec', day: rigDay },
      body: { resolution: 'PT15M', values },
    })
    expect(wrong).toMatchObject({ status: 422, body: { errors: [{ field: 'values' }] } })
    expect(
      (await rig.engineer.ask(operations.setTargetLevel, { params: { nodeId: 'nowhere' }, body: { targetW: 1 } }))
        .status,
    ).toBe(404)
    const headers = { 'content-type': 'text/csv' }
    const csv = (rows: string) =>
      rig.engineer.ask(operations.uploadLoads, { text: `node_id,period_start,load_w\n${rows}` }, headers)
    expect((await csv(`sec,${rigDay}T17:00:00Z,5\nnowhere,${rigDay}T17:00:00Z,\n`)).body.errors).toMatchObject([
      { field: 'line 3, node_id' },
      { field: 'line 3, load_w' },
    ])
    expect((await csv(`sec,${rigDay}T17:00:00Z,310000\n`)).body).toEqual({ stored: 1 })
    const { body } = await rig.engineer.ask(operations.readLoadForecast, { params: { nodeId: 'sec', day: rigDay } })
    expect([body.values[67], body.values[68]]).toEqual([null, 310_000])
  })
})

describe('products B and C', () => {
  test('FB05 at 20:00 tomorrow’s whole optimised schedule is sent to each FU in one instruction', async () => {
    const fuId = await rig.unitFor('B', 'Spot')
    await forecast(30_000)
    rig.startJobs()
    rig.clock.jumpTo(Instant.parse('2026-01-14T19:50:00Z'))
    await rig.clock.advanceTo(Instant.parse('2026-01-14T19:59:00Z'))
    expect(rig.control.received).toEqual([])
    await rig.clock.advanceTo(Instant.parse('2026-01-14T20:00:00Z'))
    expect(rig.control.received).toMatchObject([
      {
        fuId,
        product: 'B',
        intervals: [{ from: `${rigDay}T17:00:00Z`, to: `${rigDay}T18:00:00Z`, turnDownW: 30_000 }],
      },
    ])
    await rig.clock.advanceTo(Instant.parse('2026-01-14T20:30:00Z'))
    expect(rig.control.received).toHaveLength(1)
  })

  test('FB06 at 12:00 the window 14:00–15:00 is sent, and nothing beside it', async () => {
    const fuId = await rig.unitFor('C', 'Balancing', { from: '13:00', to: '16:00' })
    const values = Array.from({ length: 96 }, (_, i) => (i >= 50 && i < 62 ? 325_000 : 100_000))
    await rig.engineer.ask(operations.setTargetLevel, { params: { nodeId: 'sec' }, body: { targetW: 300_000 } })
    await rig.engineer.ask(operations.saveLoadForecast, {
      params: { nodeId: 'sec', day: rigDay },
      body: { resolution: 'PT15M', values },
    })
    rig.startJobs()
    rig.clock.jumpTo(Instant.parse(`${rigDay}T11:50:00Z`))
    await rig.clock.advanceTo(Instant.parse(`${rigDay}T12:01:00Z`))
    expect(rig.control.received).toMatchObject([
      {
        fuId,
        product: 'C',
        intervals: [{ from: `${rigDay}T14:00:00Z`, to: `${rigDay}T15:00:00Z`, turnDownW: 25_000 }],
      },
    ])
  })

  test('FB05 FM01 in summer 20:00 is local time', async () => {
    await rig.unitFor('B', 'Summer')
    await forecast(30_000, '2026-06-17')
    rig.startJobs()
    rig.clock.jumpTo(Instant.parse('2026-06-16T18:50:00Z'))
    await rig.clock.advanceTo(Instant.parse('2026-06-16T19:00:00Z'))
    expect(rig.control.received.map((i) => i.intervals[0]?.from)).toEqual(['2026-06-17T17:00:00Z'])
  })
})

describe('emergency stop', () => {
  test('ends what runs by 0 W at once, lets nothing begin until it is lifted, and is audited', async () => {
    const fuId = await rig.contractedUnit('Stopped FU')
    rig.startJobs()
    rig.clock.jumpTo(Instant.parse(`${rigDay}T16:20:00Z`))
    await rig.clock.advanceTo(Instant.parse(`${rigDay}T17:05:00Z`))
    const engineer = await rig.server.person('olga', 'operator')
    const { body: stop } = await engineer.ask(operations.stopDispatch, {
      body: { fspId: null, reason: 'fire at the depot' },
    })
    const states = async () => (await rig.instructions(fuId)).map((i) => [i.intervals[0]?.turnDownW, i.state])
    expect(await states()).toEqual([
      [40_000, 'superseded'],
      [0, 'acknowledged'],
      [40_000, 'superseded'],
      [0, 'acknowledged'],
      [40_000, 'superseded'],
      [0, 'acknowledged'],
    ])
    const ends = rig.control.received.filter((i) => i.intervals[0]?.turnDownW === 0)
    expect(ends.map((i) => i.intervals[0]?.from).sort()).toEqual([
      `${rigDay}T17:05:00Z`,
      `${rigDay}T17:15:00Z`,
      `${rigDay}T17:30:00Z`,
    ])
    expect((await engineer.ask(operations.stopDispatch, { body: { fspId: null, reason: 'again' } })).status).toBe(409)
    await rig.clock.advanceTo(Instant.parse(`${rigDay}T17:20:00Z`))
    expect(rig.control.received).toHaveLength(6)
    expect((await engineer.ask(operations.liftStop, { params: { id: stop.stopId } })).body.liftedBy).toBe('olga')
    await rig.clock.advanceTo(Instant.parse(`${rigDay}T17:30:00Z`))
    expect(rig.control.received.at(-1)?.intervals[0]).toMatchObject({ from: `${rigDay}T18:00:00Z`, turnDownW: 40_000 })
    expect((await engineer.ask(operations.listStops)).body.items).toHaveLength(1)
  })

  test('FM40 an FSP may not stop anything', async () => {
    expect(
      (await rig.fsp.client.ask(operations.stopDispatch, { body: { fspId: null, reason: 'mischief' } })).status,
    ).toBe(403)
  })
})
