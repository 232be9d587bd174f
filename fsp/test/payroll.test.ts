import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { depotAccessOperations } from '../../schemas/fsp/depot-access.ts'
import { driverDeskOperations } from '../../schemas/fsp/drivers.ts'
import { payrollOperations } from '../../schemas/fsp/payroll.ts'
import { registerGroups } from '../../schemas/fsp/registers/index.ts'
import { readDepots } from '../../seeds/index.ts'
import { createClient } from '../../test/support/client.ts'
import { vehicleNight } from '../vans/tables.ts'
import { vehicleReading } from '../vehicles/tables.ts'
import { logIn } from './support/rig.ts'
import { startVans, unitOf, type Vans } from './support/vans.ts'

const { listReimbursements, exportReimbursements, readReimbursement } = payrollOperations
const query = { month: '2026-01', pencePerKwh: '22' }

/** A client of payroll, as nobody else may do what it does. */
async function payrollOf(vans: Vans) {
  const [username, password] = ['pay', 'a pass phrase of payroll']
  const body = { username, fullName: 'Pay', password, role: 'payroll', depotIds: ['vans'] }
  await vans.ask(depotAccessOperations.createDepotAccount, { body })
  return createClient(vans.fsp().url, {
    authorization: `Bearer ${await logIn(vans.fsp().url, { username, password })}`,
  })
}

/** What telematics reported of a van: standing at home, at two states of charge. */
async function report(vans: Vans, vehicleId: string, given: { from: string; to: string; socs: [number, number] }) {
  const night = { night: '2026-01-14', place: 'E01004736', isExcluded: false, readings: 4 }
  await vans.db.insert(vehicleNight).values({ vehicleId, ...night })
  const common = { vehicleId, odometerKm: 20_100, source: 'test', receivedAt: vans.clock.now() }
  const [before, after] = given.socs
  await vans.db.insert(vehicleReading).values([
    { ...common, at: Instant.parse(given.from), socPercent: before },
    { ...common, at: Instant.parse(given.to), socPercent: after },
  ])
}

test('L10 L11 charges at home are paid back where telematics confirm them, and refused with the reason where they do not', async () => {
  const vans = await startVans(unitOf(3), '2026-01-14T18:00:00Z')
  const { evTypes } = await readDepots()
  for (const n of [1, 2]) vans.plugIn(n)
  await vans.pass(60)
  for (const n of [1, 2]) vans.controls.unplug(`vans-0${n}`, 1)
  await vans.pass(5)
  const payroll = await payrollOf(vans)
  const listed = async () => (await payroll.ask(listReimbursements, { query })).body
  const unseen = await listed()
  expect(unseen.map((each: { because: string }) => each.because)).toEqual(['place-not-reported', 'place-not-reported'])
  const [{ energyWh }] = unseen
  // Most of an hour at 7.36 kW.
  expect(energyWh).toBeGreaterThan(5_000)
  // The battery's gain by the meter, 0.9 of which arrive in it; the other van says that it gained nothing.
  const [own] = (await vans.ask(registerGroups.evs.history, { params: { key: 'VANS-001' } })).body
  const usableWh = evTypes.find(({ evType }) => evType === own.data.evType)?.usableBatteryWh ?? Number.NaN
  const gain = (energyWh * 0.9 * 100) / usableWh
  await report(vans, 'VANS-001', { from: '2026-01-14T18:00:00Z', to: '2026-01-14T19:10:00Z', socs: [40, 40 + gain] })
  await report(vans, 'VANS-002', { from: '2026-01-14T18:00:00Z', to: '2026-01-14T19:10:00Z', socs: [40, 40] })
  const [first, second] = await listed()
  const paid = (Math.round(energyWh * 22) / 100_000).toFixed(2)
  expect(first).toMatchObject({ driverId: 'D-vans-001', isConfirmed: true, because: null, amountGbp: paid })
  expect(second).toMatchObject({
    driverId: 'D-vans-002',
    isConfirmed: false,
    because: 'energy-differs',
    reason: 'The battery gained another energy than the charge point counted.',
    amountGbp: '0.00',
  })
  const params = { driverId: 'D-vans-001' }
  const person = { name: 'Jo Field', address: '1 Low Road, N5 1AA', payrollNumber: 'P-4711' }
  await payroll.ask(driverDeskOperations.saveDriverPerson, { params, body: person })
  const file = (await payroll.ask(exportReimbursements, { query })).body
  expect(file.split('\r\n')[1]).toBe(`2026-01,D-vans-001,P-4711,Jo Field,1,${energyWh},0,0,22,${paid}`)
  await payroll.ask(driverDeskOperations.eraseDriverPerson, { params })
  // Who it was is erased; what was charged and is owed stays.
  expect((await payroll.ask(readReimbursement, { params, query })).body).toMatchObject({
    person: null,
    confirmedWh: energyWh,
    totalGbp: paid,
    charges: [{ transactionId: first.transactionId }],
  })
  expect((await vans.ask(readReimbursement, { params, query })).status).toBe(200)
  const other = await payroll.ask(readReimbursement, { params: { driverId: 'D-nobody' }, query })
  expect(other.status).toBe(404)
})
