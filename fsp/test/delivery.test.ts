import { randomUUID } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import type { Instruction } from '../../schemas/dispatch/instructions.ts'
import { deliveryOperations } from '../../schemas/fsp/delivery.ts'
import { depotOperations } from '../../schemas/fsp/depot-api.ts'
import { meteredQuarter } from '../metering/tables.ts'
import { controlOf } from './support/control.ts'
import { startYard, van, type Yard, type YardOptions } from './support/yard.ts'

/** Delivery as the FSP watches it and tells its DNO, with simulated charge points and vehicles over OCPP 1.6-J. */

const at = (time: string) => Instant.parse(`2026-01-15T${time}:00Z`)
const singles = (count: number) => [{ model: 'alfen-eve-single', count, feeder: 1 }]

/** A yard of four sockets at 16:30 that is asked to turn 9.2 kW down of 14.72 kW from 17:00: a baseline of two vans at full power. */
async function asked(vans: number, options: YardOptions = {}) {
  const yard = await startYard({ chargePoints: singles(4), ...options })
  await yard.register(10_000)
  yard.dno.baselineWh = 14_720 / 4
  for (let n = 1; n <= vans; n++) yard.controls.plugIn(`yard-0${n}`, 1, van(n))
  yard.controls.holdSiteLoad('yard', false)
  await yard.clock.advanceTo(at('16:30'))
  const given: Instruction = {
    instructionId: randomUUID(),
    fuId: yard.dno.fuIdOf('Yard'),
    product: 'A',
    intervals: [{ from: `${at('17:00')}`, to: `${at('17:30')}`, turnDownW: 9_200 }],
    onExpiry: 'end',
    issuedAt: `${at('16:30')}`,
    expiresAt: `${at('17:00')}`,
  }
  expect((await controlOf(yard.dno).send(given)).body).toMatchObject({ outcome: 'accepted' })
  return { yard, given }
}

const told = ({ dno }: Yard) => dno.reports.map((each) => `${each.at.slice(11, 16)} ${each.status}`)
const detailsOf = ({ dno }: Yard) => dno.reports.map(({ detail }) => detail ?? null)
const delivery = async (yard: Yard) => (await yard.depotApi(deliveryOperations.readDelivery)).body

test('E5 K6 a turn-down that is delivered is reported as started, delivering and ended', async () => {
  const { yard, given } = await asked(2)
  await yard.clock.advanceTo(at('17:31'))
  expect(told(yard)).toEqual(['17:00 started', '17:05 delivering', '17:30 ended'])
  const { reports, equipment } = await delivery(yard)
  expect(equipment).toEqual({ sockets: 4, withoutLink: 0, faulted: 0, pluggedIn: 2 })
  expect(reports.map(({ status }: { status: string }) => status)).toEqual(['ended', 'delivering', 'started'])
  expect(reports[0]).toMatchObject({ instructionId: given.instructionId, sentAt: `${at('17:30')}`, refusal: null })
})

test('E5 reports are owed until the DNO has them, through a restart, in their order and each once', async () => {
  const { yard } = await asked(2)
  yard.dno.refuseReports = [503, 503, 503, 503, 503, 503, 503]
  await yard.clock.advanceTo(at('17:06'))
  expect(told(yard)).toEqual([])
  await yard.restart()
  await yard.clock.advanceTo(at('17:09'))
  expect(told(yard).slice(0, 2)).toEqual(['17:00 started', '17:05 delivering'])
  expect(new Set(told(yard)).size).toBe(told(yard).length)
})

test('E2EPA013 K6 where no vehicle is plugged in the DNO is warned a quarter-hour ahead, and told when one delivers after all', async () => {
  const { yard } = await asked(0)
  await yard.clock.advanceTo(at('16:44'))
  expect(told(yard)).toEqual([])
  await yard.clock.advanceTo(at('16:46'))
  expect(told(yard)).toEqual(['16:45 failed'])
  expect(detailsOf(yard)[0]).toContain('no vehicle is plugged in')
  await yard.clock.advanceTo(at('17:10'))
  expect(told(yard)).toEqual(['16:45 failed'])
  yard.controls.plugIn('yard-01', 1, van(1))
  await yard.clock.advanceTo(at('17:31'))
  expect(told(yard).map((each) => each.slice(6))).toEqual(['failed', 'delivering', 'ended'])
})

test('E2EPA012 K5 where charge points fail during a turn-down the DNO is told, and the unit is out of service until they are back', async () => {
  const { yard } = await asked(2)
  await yard.clock.advanceTo(at('17:02'))
  for (const n of [1, 2, 3, 4]) await yard.controls.disconnect(`yard-0${n}`)
  await yard.clock.advanceTo(at('17:12'))
  expect(told(yard).slice(0, 2)).toEqual(['17:00 started', '17:08 failed'])
  expect(detailsOf(yard)[1]).toBe('no charge point can be controlled: 4 sockets, of them 4 without a link')
  expect(yard.dno.serviceStatuses).toMatchObject([
    { body: { inService: false, reason: 'By itself: 4 sockets, of them 4 without a link.' } },
  ])
  expect(await yard.depotState()).toMatchObject({ inService: false })
  for (const n of [1, 2, 3, 4]) await yard.controls.reconnect(`yard-0${n}`)
  await yard.clock.advanceTo(at('17:25'))
  expect(yard.dno.serviceStatuses.map(({ body }) => (body as { inService: boolean }).inService)).toEqual([false, true])
  expect(await yard.depotState()).toMatchObject({ inService: true })
  // Controlled again, it delivers: what was asked holds though the unit had been out of service.
  await yard.clock.advanceTo(at('17:31'))
  expect(told(yard).map((each) => each.slice(6))).toEqual(['started', 'failed', 'delivering', 'ended'])
  expect((await delivery(yard)).declarations).toMatchObject([
    { inService: true, declaredBy: 'watch' },
    { inService: false, declaredBy: 'watch' },
  ])
})

test('K5 a fault of fewer than half of the sockets, or of less than five minutes, declares nothing', async () => {
  const { yard } = await asked(2)
  await yard.controls.disconnect('yard-01')
  await yard.clock.advanceTo(at('16:50'))
  await yard.controls.fail('yard-02', 1)
  await yard.clock.advanceTo(at('16:53'))
  await yard.controls.repair('yard-02', 1)
  await yard.clock.advanceTo(at('17:00'))
  expect(yard.dno.serviceStatuses).toEqual([])
})

test('K5 what a person declared is not taken back by itself', async () => {
  const { yard } = await asked(2)
  const person = (inService: boolean) =>
    yard.depotApi(depotOperations.declareDepotService, {
      body: { inService, effectiveFrom: yard.clock.now().toString(), reason: 'works' },
    })
  await person(false)
  for (const n of [1, 2, 3]) await yard.controls.disconnect(`yard-0${n}`)
  await yard.pass(8)
  for (const n of [1, 2, 3]) await yard.controls.reconnect(`yard-0${n}`)
  await yard.pass(8)
  expect(yard.dno.serviceStatuses).toMatchObject([{ body: { inService: false, reason: 'works' } }])
  expect(await yard.depotState()).toMatchObject({ inService: false })
})

test('the registers of each charge point come as CSV, as read and by quarter-hours that sum to what was uploaded', async () => {
  const { yard } = await asked(2)
  await yard.clock.advanceTo(at('17:32'))
  const ask = (query: Record<string, unknown>) => yard.depotApi(deliveryOperations.exportRegisters, { query })
  const span = { from: `${at('17:00')}`, to: `${at('17:30')}` }
  const readings = (await ask({ ...span, identity: 'yard-01' })).body.trim().split('\r\n')
  expect(readings[0]).toBe('identity,connector,at,receivedAt,energyWh,powerW,transactionId,idTag')
  // One each minute from 17:00 to 17:30, both included.
  expect(readings.filter((line: string) => line.startsWith('yard-01,1,2026-01-15T17:')).length).toBe(31)
  expect(readings[1]).toMatch(/^yard-01,1,2026-01-15T17:00:00\.000Z,2026-01-15T17:00:00\.000Z,\d+,\d+,\d+,yard-001$/)
  const quarters = (await ask({ ...span, as: 'quarter-hours' })).body.trim().split('\r\n').slice(1)
  const sum = quarters
    .filter((line: string) => line.includes('T17:00:00Z'))
    .reduce((wh: number, line: string) => wh + Number(line.split(',')[3]), 0)
  const uploaded = (await yard.db.select().from(meteredQuarter)).find((row) => row.periodStart.equals(at('17:00')))
  expect(quarters).toHaveLength(4 * 2)
  expect(sum).toBeCloseTo(uploaded?.energyWh ?? Number.NaN, 6)
  const refused = await ask({ from: span.to, to: span.from })
  const long = await ask({ from: `${at('00:00')}`, to: '2026-01-16T00:00:01Z' })
  const odd = await ask({ from: `${at('17:01')}`, to: span.to, as: 'quarter-hours' })
  expect([refused.status, long.status, odd.status]).toEqual([422, 422, 422])
})
