import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { operations } from '../../../schemas/operations.ts'
import { periodStarts, tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../../../test/support/dispatch.ts'
import { saveFuForecast } from '../../planning/index.ts'

const at = (time: string) => Instant.parse(`${rigDay}T${time}:00Z`)

async function expectImport(rig: DispatchRig, fuId: string, importW: number): Promise<void> {
  const starts = periodStarts(tradingDayOf(at('12:00')), 'PT15M')
  const rows = starts.map((periodStart) => ({ fuId, periodStart, importW, source: 'test', updatedAt: at('12:00') }))
  await saveFuForecast(rig.server.context.db, rows)
}

async function read(rig: DispatchRig, fuId: string, ...readings: [time: string, powerW: number][]): Promise<void> {
  const body = { fuId, readings: readings.map(([time, powerW]) => ({ at: at(time).toString(), powerW })) }
  const { status, body: answer } = await rig.fsp.client.ask(operations.sendLiveReadings, { body })
  expect([status, answer]).toMatchObject([200, { passedOver: [] }])
}

async function alarmsOf(rig: DispatchRig, fuId: string) {
  return (await rig.openAlarms()).filter(({ sourceId }) => sourceId === fuId)
}

const kindsOf = async (rig: DispatchRig, fuId: string) => (await alarmsOf(rig, fuId)).map(({ kind }) => kind)

/** As a hub that is the meter of the whole site would have it. */
async function hubReads(rig: DispatchRig, fuId: string, from: string, to: string, importW: number): Promise<void> {
  await rig.db.$client`create table if not exists connection_import_test partition of connection_import default`
  await rig.db.$client`update flexible_unit set is_whole_site = true where fu_id = ${fuId}`
  // A whole site needs authority over all its MPANs.
  await rig.db.$client`delete from connection_mpan where mpan <> ${rig.mpan}`
  await rig.db.$client`
    insert into connection_import (connection_id, at, import_w, quality)
    select connection_id, t, ${importW}, 'good' from flexible_unit,
      generate_series(${at(from).toString()}::timestamptz, ${at(to).toString()}::timestamptz, interval '1 minute') t
    where fu_id = ${fuId}`
}

test('E2EPA012 40 kW instructed and 22 kW measured from the second minute on: the alarm comes at the end of the second quarter-hour, 18 kW short, and no report of the FSP clears it', async () => {
  const rig = await startDispatchRig(at('16:20'))
  const [fuId, whole, good] = [
    await rig.contractedUnit('Van depot'),
    await rig.contractedUnit('Whole site'),
    await rig.contractedUnit('As told'),
  ]
  for (const each of [fuId, whole, good]) await expectImport(rig, each, 60_000)
  rig.startJobs()
  // By hand: expected 60 kW, 38 kW seen, so that 22 of 40 kW are delivered.
  await rig.clock.advanceTo(at('17:14'))
  await read(rig, fuId, ['17:01', 38_000], ['17:06', 38_000], ['17:11', 38_000])
  await read(rig, good, ['17:01', 20_000], ['17:11', 21_900])
  await hubReads(rig, whole, '17:01', '17:29', 38_000)
  await rig.clock.advanceTo(at('17:29'))
  await read(rig, fuId, ['17:16', 38_000], ['17:21', 38_000], ['17:26', 38_000])
  await read(rig, good, ['17:16', 20_000], ['17:26', 20_000])
  expect(await alarmsOf(rig, fuId)).toEqual([])

  await rig.clock.advanceTo(at('17:30'))
  const message = (name: string) =>
    `${name} delivered 22 kW of 40 kW from 17:15 to 17:30: 18 kW are missing. It is instructed to turn down by 40 kW until 18:15.`
  expect(await alarmsOf(rig, fuId)).toMatchObject([{ kind: 'delivery-short', message: message('Van depot') }])
  expect(await alarmsOf(rig, whole)).toMatchObject([{ kind: 'delivery-short', message: message('Whole site') }])
  expect(await kindsOf(rig, good)).toEqual([])

  const [running] = (await rig.instructions(fuId)).filter(
    ({ intervals }) => intervals[0]?.from === at('17:30').toString(),
  )
  const report = {
    instructionId: running?.instructionId ?? '',
    status: 'delivering' as const,
    at: at('17:30').toString(),
  }
  expect((await rig.fsp.client.ask(operations.reportOnInstruction, { body: report })).status).toBe(204)
  await rig.clock.advanceTo(at('17:32'))
  expect(await kindsOf(rig, fuId)).toEqual(['delivery-short'])

  // A quarter-hour of 58 − 20 = 38 kW and more is delivery; the other runs on short until a stop ends it.
  await rig.clock.advanceTo(at('17:44'))
  await read(rig, fuId, ['17:31', 20_000], ['17:41', 22_000])
  await hubReads(rig, whole, '17:30', '17:44', 38_000)
  await rig.clock.advanceTo(at('17:45'))
  expect(await kindsOf(rig, fuId)).toEqual([])
  expect(await kindsOf(rig, whole)).toEqual(['delivery-short'])
  await rig.engineer.ask(operations.stopDispatch, { body: { fspId: null, reason: 'fault on the feeder' } })
  await rig.clock.advanceTo(at('17:47'))
  expect(await kindsOf(rig, whole)).toEqual([])
}, 240_000)

test('nothing measured for two quarter-hours is its own alarm, which the first readings clear, and so does the end of the instruction', async () => {
  const rig = await startDispatchRig(at('16:20'))
  const [silent, blind] = [await rig.contractedUnit('Silent'), await rig.contractedUnit('Blind')]
  await expectImport(rig, silent, 60_000)
  rig.startJobs()
  await rig.clock.advanceTo(at('17:29'))
  await read(rig, blind, ['17:05', 20_000], ['17:20', 20_000])
  expect(await rig.openAlarms()).toEqual([])
  await rig.clock.advanceTo(at('17:30'))
  expect(await alarmsOf(rig, silent)).toMatchObject([
    {
      kind: 'delivery-not-seen',
      message:
        'Nothing has been measured of Silent for 2 quarter-hours. It is instructed to turn down by 40 kW until 18:15.',
    },
  ])
  expect((await alarmsOf(rig, blind))[0]?.message).toContain('neither a baseline nor a forecast')
  await rig.clock.advanceTo(at('17:44'))
  await read(rig, silent, ['17:31', 20_000])
  await rig.clock.advanceTo(at('17:45'))
  expect(await kindsOf(rig, silent)).toEqual([])
  expect(await kindsOf(rig, blind)).toEqual(['delivery-not-seen'])
  await rig.clock.advanceTo(at('19:00'))
  expect(await kindsOf(rig, blind)).toEqual([])
}, 240_000)

test('a turn-up that falls short is alarmed alike', async () => {
  const rig = await startDispatchRig(at('11:20'))
  const fuId = await rig.unitFor('A', 'Battery', { from: '12:00', to: '13:00', direction: 'turn-up' })
  await expectImport(rig, fuId, 10_000)
  await rig.schedule(fuId, { '12:00': -40_000, '12:15': -40_000, '12:30': -40_000 })
  await rig.select(fuId)
  rig.startJobs()
  await rig.clock.advanceTo(at('12:29'))
  // By hand: 32 − 10 = 22 of 40 kW more.
  await read(rig, fuId, ['12:02', 32_000], ['12:16', 32_000])
  await rig.clock.advanceTo(at('12:30'))
  expect(await alarmsOf(rig, fuId)).toMatchObject([
    {
      kind: 'delivery-short',
      message:
        'Battery delivered 22 kW of 40 kW from 12:15 to 12:30: 18 kW are missing. It is instructed to turn up by 40 kW until 12:45.',
    },
  ])
}, 240_000)
