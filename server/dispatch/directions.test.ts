import { Instant, LocalDate } from '@js-joda/core'
import { expect, test } from 'vitest'
import type { BoardPeriod, BoardRow } from '../../schemas/dispatch/board.ts'
import { operations } from '../../schemas/operations.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../../test/support/dispatch.ts'
import { awardContracts, registerBattery } from '../../test/support/market.ts'
import { secondPerson } from '../../test/support/second-person.ts'
import { raiseAlarm, saveIssues } from '../grid/index.ts'

const at = (time: string) => Instant.parse(`${rigDay}T${time}:00Z`)

test('a turn-up is issued, answered and shown as a negative turn-down, implies no limit, and ends with an emergency stop', async () => {
  const rig = await startDispatchRig(at('11:20'))
  const fuId = await rig.unitFor('A', 'Battery', { from: '12:00', to: '13:00', direction: 'turn-up' })
  await rig.schedule(fuId, { '12:00': -30_000, '12:15': -50_000, '12:30': -30_000 })
  await rig.select(fuId)
  rig.startJobs()
  await rig.clock.advanceTo(at('11:46'))
  // 40 kW are contracted.
  expect(rig.control.received.map((one) => one.intervals[0]?.turnDownW)).toEqual([-30_000, -40_000])
  const [first] = await rig.instructions(fuId)
  expect(first).toMatchObject({ state: 'acknowledged', intervals: [{ turnDownW: -30_000 }] })
  expect((await rig.db.$client`select count(*)::int as n from implied_limit`)[0]?.['n']).toBe(0)
  const { body } = await rig.engineer.ask(operations.readDispatchBoard, { query: { day: rigDay } })
  const row: BoardRow = body.rows.find((each: BoardRow) => each.fuId === fuId)
  const period = row.periods.find((each) => each.from === at('12:00').toString()) as BoardPeriod
  expect(period).toMatchObject({
    contractedW: 40_000,
    direction: 'turn-up',
    requestedW: -30_000,
    instruction: { turnDownW: -30_000, meanW: -30_000 },
  })
  await rig.engineer.ask(operations.stopDispatch, { body: { fspId: null, reason: 'fault on the feeder' } })
  await rig.clock.advanceTo(at('11:47'))
  expect(rig.control.received.slice(2).flatMap((one) => one.intervals.map((each) => each.turnDownW))).toEqual([0, 0])
})

test('a turn-up is held to what the import limit of the site leaves, and not sent where it leaves nothing', async () => {
  const rig = await startDispatchRig(at('11:20'))
  const fuId = await rig.unitFor('A', 'Battery', { from: '12:00', to: '13:00', direction: 'turn-up' })
  // By hand: the profile allows 170 kW, of which 12 are left at 12:00 and none at 12:15, by the forecast, as nobody measures the site.
  for (const [from, importW] of [
    ['12:00', 158_000],
    ['12:15', 170_000],
  ] as const)
    await rig.db.$client`
      insert into fu_forecast (fu_id, period_start, import_w, source, updated_at)
      values (${fuId}, ${at(from).toString()}, ${importW}, 'test', now())`
  await rig.schedule(fuId, { '12:00': -30_000, '12:15': -30_000 })
  await rig.select(fuId)
  rig.startJobs()
  await rig.clock.advanceTo(at('11:46'))
  expect(rig.control.received.map((one) => one.intervals[0]?.turnDownW)).toEqual([-12_000])
  expect((await rig.instructions(fuId))[1]).toMatchObject({
    state: 'expired',
    reason: 'not sent: the import limit of 170 kW of its site leaves no room to turn up',
  })
})

test('a turn-up is held to the limit in force of its site, which a dynamic or a fail-safe limit lowers', async () => {
  const rig = await startDispatchRig(at('11:20'))
  const fuId = await rig.unitFor('A', 'Battery', { from: '12:00', to: '13:00', direction: 'turn-up' })
  const [{ connectionId } = { connectionId: '' }] = await rig.db.$client<{ connectionId: string }[]>`
    select connection_id as "connectionId" from flexible_unit where fu_id = ${fuId}`
  for (const from of ['12:00', '12:15', '12:30'])
    await rig.db.$client`
      insert into fu_forecast (fu_id, period_start, import_w, source, updated_at)
      values (${fuId}, ${at(from).toString()}, 118000, 'test', now())`
  // By hand: the profile would leave 170 − 118 = 52 kW. The dynamic limit of 130 kW until 12:15 leaves 12.
  const common = { reason: 'shared' as const, nodeId: 'sec', roomW: 130_000 }
  const periods = [{ from: at('12:00').toString(), to: at('12:15').toString(), limitW: 130_000, ...common }]
  const issue = { connectionId, day: LocalDate.parse(rigDay), floorW: 0, share: 'equal' as const, periods }
  await saveIssues(rig.db, [{ ...issue, issuedAt: at('11:00'), issuedBy: 'test' }])
  await rig.schedule(fuId, { '12:00': -30_000, '12:15': -30_000, '12:30': -30_000 })
  await rig.select(fuId)
  rig.startJobs()
  await rig.clock.advanceTo(at('11:46'))
  expect(rig.control.received.map((one) => one.intervals[0]?.turnDownW)).toEqual([-12_000, -30_000])
  // After a breach the FSP follows 125 kW: 125 − 118 = 7 kW are left at 12:30.
  const body = { onBreach: true, onLinkLost: false, failSafeW: 125_000, validMinutes: 60 }
  await rig.engineer.ask(operations.saveFailSafePolicy, { params: { id: connectionId }, body, version: 0 })
  await raiseAlarm(rig.db, rig.clock.now(), {
    kind: 'limit-breach',
    source: { type: 'connection', id: connectionId, name: 'Depot' },
    message: 'Depot imports too much.',
  })
  await rig.clock.advanceTo(at('12:01'))
  expect(rig.control.received.at(-1)?.intervals[0]?.turnDownW).toBe(-7_000)
})

/** States what the site of an FU may export, kVA at a power factor of 0.95, and what the FU is forecast to import. */
async function exporting(rig: DispatchRig, fuId: string, exportKva: number, forecastW: Record<string, number>) {
  await rig.db.$client`
    update connection set export_kva = ${exportKva}
    where connection_id = (select connection_id from flexible_unit where fu_id = ${fuId})`
  for (const [from, importW] of Object.entries(forecastW))
    await rig.db.$client`
      insert into fu_forecast (fu_id, period_start, import_w, source, updated_at)
      values (${fuId}, ${at(from).toString()}, ${importW}, 'test', now())`
}

test('a turn-down is held to what the export limit of the site leaves, says why it was cut, and is not sent where nothing is left', async () => {
  const rig = await startDispatchRig(at('11:20'))
  const fuId = await rig.unitFor('A', 'Down', { from: '12:00', to: '13:00' })
  // By hand: 10 kVA × 0.95 are 9.5 kW of export. 10 kW are imported at 12:00, so 19.5 kW of turn-down; at 12:15 20 kW go out already.
  await exporting(rig, fuId, 10, { '12:00': 10_000, '12:15': -20_000, '12:30': 35_000 })
  await rig.schedule(fuId, { '12:00': 30_000, '12:15': 30_000, '12:30': 30_000 })
  await rig.select(fuId)
  rig.startJobs()
  await rig.clock.advanceTo(at('12:01'))
  expect(rig.control.received.map((one) => one.intervals[0]?.turnDownW)).toEqual([19_500, 30_000])
  const [cut, none, whole] = await rig.instructions(fuId)
  expect(cut).toMatchObject({
    state: 'acknowledged',
    cutBecause:
      'cut: the schedule asks for 30 kW at 12:00 GMT on 15 Jan 2026, and the export limit of 9.5 kW of its site leaves less room to turn down',
  })
  expect(none).toMatchObject({
    state: 'expired',
    reason: 'not sent: the export limit of 9.5 kW of its site leaves no room to turn down',
  })
  expect(whole).toMatchObject({ state: 'acknowledged', cutBecause: null })
})

test('where nobody knows the load of a site that may not export, a battery is not turned down, and what draws power only is', async () => {
  const rig = await startDispatchRig(at('11:20'))
  const plain = await rig.unitFor('A', 'Chargers', { from: '12:00', to: '12:15' })
  const { fuId: battery } = await registerBattery(rig.fsp.client, 'Battery', rig.mpan)
  const gateClosesAt = rig.clock.now().plusSeconds(1).toString()
  const windows = [{ weekdays: ['thursday' as const], from: '12:00', to: '12:15', requiredW: 40_000 }]
  await awardContracts(
    rig.engineer,
    await secondPerson(rig.server),
    [{ client: rig.fsp.client, fuId: battery, turnDownW: 40_000 }],
    { gateClosesAt, windows },
    () => rig.clock.advanceTo(rig.clock.now().plusSeconds(1)),
  )
  await exporting(rig, battery, 0, {})
  for (const fuId of [plain, battery]) {
    await rig.schedule(fuId, { '12:00': 30_000 })
    await rig.select(fuId)
  }
  rig.startJobs()
  await rig.clock.advanceTo(at('11:46'))
  expect(rig.control.received.map(({ fuId, intervals }) => [fuId, intervals[0]?.turnDownW])).toEqual([[plain, 30_000]])
  expect((await rig.instructions(battery))[0]).toMatchObject({ state: 'expired' })
})

test('a manual schedule asks for no more turn-up than the FU is registered for', async () => {
  const rig = await startDispatchRig(at('11:20'))
  const fuId = await rig.unitFor('A', 'Battery', { from: '12:00', to: '13:00', direction: 'turn-up' })
  await expect(rig.schedule(fuId, { '12:00': -50_001 })).rejects.toThrow('registered to turn up by')
  const plain = await rig.unitFor('A', 'One way', { from: '12:00', to: '13:00' })
  await expect(rig.schedule(plain, { '12:00': -1 })).rejects.toThrow('registered to turn up by')
})
