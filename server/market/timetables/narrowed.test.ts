import { Instant, LocalDate } from '@js-joda/core'
import { beforeEach, expect, test } from 'vitest'
import type { Unissued } from '../../../schemas/market/timetables.ts'
import { operations } from '../../../schemas/operations.ts'
import type { Client } from '../../../test/support/client.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../../../test/support/dispatch.ts'
import { registerFsp, silentControl } from '../../../test/support/market.ts'
import { agreed, secondPerson } from '../../../test/support/second-person.ts'
import { askForTimetable, listedTimetable, putTimetable } from '../../../test/support/timetables.ts'
import { listContracts } from '../../market/index.ts'

const at = (time: string) => Instant.parse(`${rigDay}T${time}:00Z`)

let rig: DispatchRig
let two: { first: Client; second: Client }
beforeEach(async () => {
  rig = await startDispatchRig(at('08:50'))
  two = { first: rig.engineer, second: await secondPerson(rig.server) }
})

const contractOf = async (fuId: string) => {
  const [found] = await listContracts(rig.db, { fuIds: [fuId] })
  if (!found) throw new Error('no contract')
  return found.contractId
}

/** A timetable of windows of the day, each sent at a time, whose deviations are accepted until a quarter of an hour before. */
function windowsAt(...windows: [at: string, from: string, to: string][]) {
  const gate = { daysBefore: 1, at: '18:00' }
  const before = { minutesBeforeDispatch: 15 }
  return {
    rhythm: { kind: 'windows' as const, daysAhead: 0, windows: windows.map(([at, from, to]) => ({ at, from, to })) },
    graceSeconds: 600,
    gates: { baseline: gate, cost: gate, deviation: before, availability: before },
  }
}

const sent = (fuId: string) =>
  rig.control.received
    .filter((one) => one.fuId === fuId)
    .map(({ intervals: [first] }) => [first?.from.slice(11, 16), first?.to.slice(11, 16), first?.turnDownW])

test('FB06 each contract is dispatched by the timetable of its own, of its zone or of its product that is in force', async () => {
  const [own, zoned] = [
    await rig.unitFor('C', 'Own timetable', { from: '09:00', to: '17:00' }),
    await rig.unitFor('C', 'As its zone', { from: '09:00', to: '17:00' }),
  ]
  const all = Object.fromEntries(
    Array.from({ length: 32 }, (_, i) => [
      at('09:00')
        .plusSeconds(i * 900)
        .toString()
        .slice(11, 16),
      30_000,
    ]),
  )
  for (const fuId of [own, zoned]) {
    await rig.schedule(fuId, all)
    await rig.select(fuId)
  }
  const contract = await contractOf(own)
  const quick = { isOptimised: false }
  await putTimetable(two, 'C', { ...windowsAt(['09:30', '11:00', '12:00']), ...quick }, { contract })
  await putTimetable(
    two,
    'C',
    { ...windowsAt(['09:15', '10:00', '10:30'], ['09:45', '13:00', '13:30']), ...quick },
    { zone: 'sec' },
  )
  // From 09:40 on the zone has the timetable of the product again, and so no tick at 09:45.
  await putTimetable(two, 'C', null, { zone: 'sec', inForceFrom: at('09:40').toString() })
  rig.startJobs()
  await rig.clock.advanceTo(at('09:50'))
  expect(sent(own)).toEqual([['11:00', '12:00', 30_000]])
  expect(sent(zoned)).toEqual([['10:00', '10:30', 30_000]])
  const { body: board } = await rig.engineer.ask(operations.readDispatchBoard, { query: { day: rigDay, product: 'C' } })
  expect(board.totals).toMatchObject({ due: 1, acknowledged: 2, missed: 0 })
  expect((await listedTimetable(rig.engineer, 'C', { zone: 'sec' }))?.settings).toBeNull()
})

test('what one timetable has sent stays when another of the product is optimised', async () => {
  const [early, usual] = [
    await rig.unitFor('C', 'Sent at 09:30', { from: '11:00', to: '17:00', utilisation: '80.00' }),
    await rig.unitFor('C', 'Sent at 09:45', { from: '11:00', to: '17:00', utilisation: '90.00' }),
  ]
  await rig.engineer.ask(operations.setTargetLevel, { params: { nodeId: 'sec' }, body: { targetW: 300_000 } })
  const forecast = async (loadW: number) => {
    const body = { resolution: 'PT15M', values: Array.from({ length: 96 }, () => loadW) }
    const params = { nodeId: 'sec', day: rigDay }
    const { body: before } = await rig.engineer.ask(operations.readLoadForecast, { params })
    const { status } = await rig.engineer.ask(operations.saveLoadForecast, {
      params,
      body,
      version: before.version ?? null,
    })
    expect(status).toBe(200)
  }
  await forecast(325_000)
  await putTimetable(two, 'C', windowsAt(['09:30', '14:00', '15:00']), { contract: await contractOf(early) })
  await putTimetable(two, 'C', windowsAt(['09:45', '14:00', '15:00']))
  rig.startJobs()
  await rig.clock.advanceTo(at('09:31'))
  // 325 kW are 25 above the target, and the cheaper unit, whose turn it is, gives them all.
  expect(sent(early)).toEqual([['14:00', '15:00', 25_000]])
  await forecast(335_000)
  await rig.clock.advanceTo(at('09:50'))
  // 35 kW are needed now. What was sent stays, so the other gives the 10 that are left, though the first is cheaper.
  expect(sent(early)).toHaveLength(1)
  expect(sent(usual)).toEqual([['14:00', '15:00', 10_000]])
})

test('FB04 of several windows each has its gate; an FSP sees those of its contracts', async () => {
  const fuId = await rig.unitFor('C', 'Two gates', { from: '11:00', to: '17:00' })
  const contract = await contractOf(fuId)
  await putTimetable(two, 'C', windowsAt(['09:15', '11:00', '12:00'], ['10:00', '15:00', '15:30']), { contract })
  const submit = (revision: number, changed: Record<number, number>) =>
    rig.fsp.client.ask(operations.submitSchedule, {
      params: { fuId, day: rigDay, kind: 'deviation' },
      body: {
        kind: 'deviation',
        resolution: 'PT15M',
        start: `${rigDay}T00:00:00Z`,
        revision,
        values: Array.from({ length: 96 }, (_, i) => changed[i] ?? 10_000),
      },
    })
  expect((await submit(1, {})).status).toBe(200)
  await rig.clock.advanceTo(at('09:00'))
  expect(await submit(2, { 44: 20_000 })).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('closed at 09:00 GMT on 15 Jan 2026') },
  })
  expect((await submit(2, { 60: 20_000 })).status).toBe(200)
  const { body } = await rig.fsp.client.ask(operations.listScheduleGates, { query: { day: rigDay } })
  expect(body.items).toHaveLength(1)
  expect(body.items[0].gates[2]).toEqual({
    kind: 'deviation',
    settings: { minutesBeforeDispatch: 15 },
    closings: [
      { closesAt: '2026-01-15T09:00:00Z', from: '2026-01-15T11:00:00Z', to: '2026-01-15T12:00:00Z' },
      { closesAt: '2026-01-15T09:45:00Z', from: '2026-01-15T15:00:00Z', to: '2026-01-15T15:30:00Z' },
    ],
  })
  expect(await listedTimetable(rig.fsp.client, 'C', { contract })).toMatchObject({ version: 1 })
  const other = await registerFsp(rig.server, rig.engineer, 'Other Charging Ltd', silentControl)
  expect(await listedTimetable(other.client, 'C')).toMatchObject({ version: 0 })
  expect(await listedTimetable(other.client, 'C', { contract })).toBeUndefined()
  expect((await other.client.ask(operations.listScheduleGates, { query: { day: rigDay } })).body.items).toEqual([])
  await rig.clock.advanceTo(at('09:45'))
  expect((await submit(3, { 60: 5_000 })).status).toBe(409)
})

test('a timetable of what does not exist is refused, and one that is planned is shown with its day', async () => {
  const ask = (change: Parameters<typeof askForTimetable>[3]) =>
    askForTimetable(rig.engineer, 'C', { graceSeconds: 900 }, change)
  expect((await ask({ zone: 'nowhere' })).status).toBe(404)
  expect((await ask({ contract: '5f0c1d1e-6f0e-4b7e-9a53-0d6a1f3c2b10' })).status).toBe(404)
  expect(await ask({ inForceFrom: at('08:00').toString() })).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'inForceFrom' }] },
  })
  const tomorrow = LocalDate.parse(rigDay).plusDays(1)
  await agreed(two.second, ask({ inForceFrom: `${tomorrow}T00:00:00Z` }))
  expect(await listedTimetable(rig.engineer, 'C')).toMatchObject({
    version: 1,
    settings: { graceSeconds: 1_800 },
    planned: [{ inForceFrom: `${tomorrow}T00:00:00Z`, settings: { graceSeconds: 900 } }],
  })
})

test('contracts and tenders are listed with the windows that no timetable issues', async () => {
  const { engineer, fsp } = rig
  const unissued = async (who = engineer) =>
    (await who.ask(operations.listUnissued)).body.items.map((one: Unissued) => [
      one.title,
      one.contractId !== null,
      one.windows.map(({ from, to }) => `${from} to ${to}`),
    ])
  // Product C issues 14:00 to 15:00.
  await rig.unitFor('C', 'Asked in the hour', { from: '14:00', to: '15:00' })
  expect(await unissued()).toEqual([])
  await rig.unitFor('C', 'Asked in the evening', { from: '14:30', to: '18:00' })
  const evening = ['Asked in the evening', true, ['15:00 to 18:00']]
  expect(await unissued()).toEqual([evening])
  expect(await unissued(fsp.client)).toEqual([evening])
  const other = await registerFsp(rig.server, engineer, 'Another FSP', silentControl)
  expect(await unissued(other.client)).toEqual([])
  const draft = {
    title: 'Evening of the zone',
    product: 'C',
    zoneNodeId: 'sec',
    validFrom: '2026-02-01',
    validTo: '2026-02-28',
    windows: [{ weekdays: ['monday'], from: '17:00', to: '19:00', requiredW: 50_000 }],
    ceilingAvailabilityGbpPerMwH: '0',
    ceilingUtilisationGbpPerMwh: '300.00',
    gateClosesAt: at('16:00').toString(),
  }
  expect((await engineer.ask(operations.draftTender, { body: draft })).status).toBe(200)
  expect(await unissued()).toEqual([['Evening of the zone', false, ['17:00 to 19:00']], evening])
  // FSPs do not see drafts.
  expect(await unissued(fsp.client)).toEqual([evening])
  await putTimetable(
    two,
    'C',
    { ...windowsAt(['12:00', '14:00', '15:00'], ['15:00', '15:30', '19:00']), isOptimised: false },
    { zone: 'sec' },
  )
  expect(await unissued()).toEqual([['Asked in the evening', true, ['15:00 to 15:30']]])
})
