import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import type { DeliverySeen } from '../../../schemas/dispatch/delivery.ts'
import { operations } from '../../../schemas/operations.ts'
import { periodStarts, tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../../../test/support/dispatch.ts'
import { saveFuForecast } from '../../planning/index.ts'

const at = (time: string) => Instant.parse(`${rigDay}T${time}:00Z`)

/** What is seen of an FU; `undefined` if nothing was asked of it. */
async function seenOf(rig: DispatchRig, fuId: string): Promise<DeliverySeen | undefined> {
  const { status, body } = await rig.engineer.ask(operations.listDeliverySeen, { query: {} })
  if (status !== 200) throw new Error(JSON.stringify(body))
  return body.units.find((each: DeliverySeen) => each.fuId === fuId)
}

async function expectImport(rig: DispatchRig, fuId: string, importW: number): Promise<void> {
  const starts = periodStarts(tradingDayOf(at('12:00')), 'PT15M')
  const rows = starts.map((periodStart) => ({ fuId, periodStart, importW, source: 'test', updatedAt: at('12:00') }))
  await saveFuForecast(rig.server.context.db, rows)
}

test('delivery of 40 kW asked of an FU that would import 60 kW is seen by its FSP’s readings, then by its hub, and ends with a stop', async () => {
  const rig = await startDispatchRig(at('16:20'))
  const [fuId, silent] = [await rig.contractedUnit('Seen'), await rig.contractedUnit('Silent')]
  await expectImport(rig, fuId, 60_000)
  rig.startJobs()
  await rig.clock.advanceTo(at('16:50'))
  expect(await seenOf(rig, fuId)).toBeUndefined()

  await rig.clock.advanceTo(at('17:20'))
  const readings = [
    { at: at('16:59').toString(), powerW: 60_000 },
    { at: at('17:05').toString(), powerW: 20_000 },
    { at: at('17:10').toString(), powerW: 30_000 },
  ]
  await rig.fsp.client.ask(operations.sendLiveReadings, { body: { fuId, readings } })
  // 60 − 25 = 35 of 40 kW; nothing has been seen since 17:15.
  expect(await seenOf(rig, fuId)).toMatchObject({
    instructedNowW: 40_000,
    periods: [
      { from: '2026-01-15T17:00:00.000Z', seenW: 25_000, source: 'fu', deliveredW: 35_000, fraction: 0.875 },
      {
        from: '2026-01-15T17:15:00.000Z',
        to: '2026-01-15T17:20:00.000Z',
        expectedW: 60_000,
        seenW: null,
        source: null,
      },
    ],
  })
  expect((await seenOf(rig, silent))?.periods).toMatchObject([
    { expectedW: null, seenW: null, fraction: null },
    { expectedW: null, seenW: null, fraction: null },
  ])

  // As a hub that is the meter of the whole site would have it: 40 kW.
  await rig.db.$client`create table if not exists connection_import_test partition of connection_import default`
  await rig.db.$client`update flexible_unit set is_whole_site = true where fu_id = ${fuId}`
  await rig.db.$client`
    insert into connection_import (connection_id, at, import_w, quality)
    select connection_id, t, w, q::quality from flexible_unit, (values
      ('2026-01-15T17:06:00Z'::timestamptz, 40000, 'good'), ('2026-01-15T17:07:00Z', null, 'bad')) v (t, w, q)
    where fu_id = ${fuId}`
  expect((await seenOf(rig, fuId))?.periods).toMatchObject([{ source: 'hub', seenW: 40_000, fraction: 0.5 }, {}])

  // A baseline of 80 kW by half-hours takes the place of the forecast of 60 kW.
  const baseline = JSON.stringify(Array.from({ length: 48 }, () => 80_000))
  await rig.db.$client`
    insert into submitted_schedule (fu_id, trading_day, kind, revision, resolution, values, submitted_at, submitted_by)
    values (${fuId}, ${rigDay}, 'baseline', 1, 'PT30M', ${baseline}::text::jsonb, ${at('12:00').toString()}, 'test')`
  expect((await seenOf(rig, fuId))?.periods).toMatchObject([{ fraction: 1 }, { expectedW: 80_000, fraction: null }])

  rig.control.behaviour = 'hang-up'
  await rig.engineer.ask(operations.stopDispatch, { body: { fspId: null, reason: 'fault on the feeder' } })
  await rig.clock.advanceTo(at('17:31'))
  const stopped = await seenOf(rig, fuId)
  expect([stopped?.instructedNowW, stopped?.periods.length]).toEqual([0, 2])
  await rig.clock.advanceTo(at('20:00'))
  expect(await seenOf(rig, fuId)).toBeUndefined()
}, 240_000)
