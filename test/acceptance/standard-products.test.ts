import { Instant, LocalDate } from '@js-joda/core'
import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../schemas/operations.ts'
import { periodStarts } from '../../schemas/vocabulary/time.ts'
import { weekday } from '../../schemas/vocabulary/units.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../support/dispatch.ts'
import { awardContracts, eveningTender, registerUnit } from '../support/market.ts'

/** Great Britain's standard products: what they are, whether they pay availability, and how long before they are dispatched, min. */
const standard = [
  ['PR', 'Peak reduction', 'forward-option', false, 0],
  ['SU', 'Scheduled utilisation', 'day-ahead', false, 0],
  ['OU-DA', 'Operational utilisation, day ahead', 'day-ahead', false, 0],
  ['OU-2M', 'Operational utilisation, two minutes', 'intraday', false, 2],
  ['OUA-2M', 'Operational utilisation with availability, two minutes', 'intraday', true, 2],
] as const

let rig: DispatchRig
beforeAll(async () => {
  rig = await startDispatchRig(Instant.parse('2026-01-14T09:00:00Z'))
  const administrator = await rig.server.person('ada', 'administrator')
  for (const [product, name, kind, paysAvailability, noticeMinutes] of standard) {
    const settings = {
      name,
      paysAvailability,
      paysUtilisation: true,
      priceRule: 'contract',
      paymentScheme: { name: 'grace-and-multiplier', graceRatio: 0.95, slope: 3, floorRatio: 0.63 },
      baselineMethods: ['recent-history', 'nominated'],
      noticeMinutes,
    }
    const { status } = await administrator.ask(operations.createProduct, { body: { product, kind, settings } })
    expect(status).toBe(200)
  }
}, 120_000)

/** A whole day of quarter-hours at 48 kW, and from 17:00 to 18:00 at 18 kW on the day of the turn-down. */
async function uploadDay(fuId: string, day: string): Promise<void> {
  const readings = periodStarts(LocalDate.parse(day), 'PT15M').map((start) => {
    const isTurnedDown = day === rigDay && start.toString().slice(11, 13) === '17'
    return { at: start.toString(), energyWh: isTurnedDown ? 4_500 : 12_000, quality: 'measured' }
  })
  const given = { meterId: 'm1', resolution: 'PT15M', stamp: 'period-start', revision: 1 }
  const { status, body } = await rig.fsp.client.ask(operations.uploadReadings, { body: { fuId, ...given, readings } })
  expect({ status, body }).toMatchObject({ status: 200 })
}

test('a tender of a product that pays no availability has no ceiling for it', async () => {
  const body = eveningTender({ product: 'SU', ceilingAvailabilityGbpPerMwH: '5.00' })
  expect(await rig.engineer.ask(operations.draftTender, { body })).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'ceilingAvailabilityGbpPerMwH' }] },
  })
})

test('scheduled utilisation is tendered, awarded, optimised, instructed and settled like A, B and C', async () => {
  const { engineer, fsp, clock } = rig
  const { fuId } = await registerUnit(fsp.client, 'Scheduled FU', await rig.mpanOf(fsp))
  const second = await rig.server.person('sam', 'flexibility-engineer')
  const windows = [{ weekdays: weekday.options.slice(0, 5), from: '17:00', to: '19:00', requiredW: 40_000 }]
  const gateClosesAt = clock.now().plusSeconds(1).toString()
  const [contract] = await awardContracts(
    engineer,
    second,
    [{ client: fsp.client, fuId, turnDownW: 40_000, availability: '0' }],
    { product: 'SU', windows, gateClosesAt, ceilingAvailabilityGbpPerMwH: '0' },
    () => clock.advanceTo(clock.now().plusSeconds(1)),
  )
  expect(contract).toMatchObject({ fuId, product: 'SU', availabilityGbpPerMwH: '0.00' })

  // 30 kW over the target from 17:00 to 18:00.
  await engineer.ask(operations.setTargetLevel, { params: { nodeId: 'sec' }, body: { targetW: 300_000 } })
  const values = periodStarts(LocalDate.parse(rigDay), 'PT15M').map((start) =>
    start.toString().slice(11, 13) === '17' ? 330_000 : 299_000,
  )
  const forecast = { params: { nodeId: 'sec', day: rigDay }, body: { resolution: 'PT15M', values } }
  expect((await engineer.ask(operations.saveLoadForecast, forecast)).status).toBe(200)

  // The timetable of its kind: at 20:00 the next day is optimised and sent.
  clock.jumpTo(Instant.parse('2026-01-14T19:59:00Z'))
  rig.startJobs()
  await clock.advanceTo(Instant.parse('2026-01-14T20:00:00Z'))
  const interval = { from: `${rigDay}T17:00:00Z`, to: `${rigDay}T18:00:00Z`, turnDownW: 30_000 }
  expect(rig.control.received).toMatchObject([{ fuId, product: 'SU', intervals: [interval] }])

  clock.jumpTo(Instant.parse('2026-01-16T00:30:00Z'))
  const days = ['02', '05', '06', '07', '08', '09', '12', '13', '14'].map((day) => `2026-01-${day}`)
  for (const day of [...days, rigDay]) await uploadDay(fuId, day)
  const clerk = await rig.server.person('clara', 'settlement')
  const { status, body } = await clerk.ask(operations.prepareStatement, {
    body: { fspId: fsp.fspId, product: 'SU', month: '2026-01' },
  })
  expect({ status, number: body.number }).toMatchObject({ status: 200, number: expect.stringContaining('SU') })
  // 12 kWh − 4.5 kWh = 7.5 kWh of the 7.5 kWh instructed; 0.0075 MWh × £100/MWh = £0.75, and no availability.
  const paid = body.lines.filter((line: { instructedW: number | null }) => line.instructedW)
  expect(paid).toHaveLength(4)
  for (const line of paid)
    expect(line).toMatchObject({
      instructedW: 30_000,
      baselineWh: 12_000,
      meteredWh: 4_500,
      deliveredWh: 7_500,
      performanceFactor: 1,
      availabilityGbp: '0',
      amountGbp: '0.75',
    })
  expect(body.totalGbp).toBe('3.00')
}, 120_000)
