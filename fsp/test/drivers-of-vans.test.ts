import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { depotAccessOperations } from '../../schemas/fsp/depot-access.ts'
import { driverDeskOperations, driverOperations } from '../../schemas/fsp/drivers.ts'
import { createClient } from '../../test/support/client.ts'
import { depotAudit } from '../access/tables.ts'
import { chargingTransaction } from '../chargepoints/tables.ts'
import { driverLink, driverPerson } from '../vans/tables.ts'
import { logIn } from './support/rig.ts'
import { startVans, unitOf, type Vans } from './support/vans.ts'

const { readOwnVan, chargeAtOnce, endOverride, setReadyBy } = driverOperations
const { listDriverLinks, revokeDriverLink, readDriverPerson, saveDriverPerson, eraseDriverPerson } =
  driverDeskOperations

let vans: Vans
beforeAll(async () => {
  vans = await startVans(unitOf(3), '2026-01-14T17:00:00Z', afterAll)
}, 240_000)

test('L2 a driver’s link opens the driver’s own van and nothing else, and says how it charges', async () => {
  const [one, two] = [await vans.driver(1), await vans.driver(2)]
  expect((await one.ask(readOwnVan)).body).toMatchObject({
    driverId: 'D-vans-001',
    vehicleId: 'VANS-001',
    isPluggedIn: false,
    state: 'away',
    readyBy: '2026-01-15T06:30:00Z',
  })
  vans.plugIn(1)
  await vans.pass(3)
  const { body } = await one.ask(readOwnVan)
  expect(body).toMatchObject({ isPluggedIn: true, state: 'charging', powerW: 7_360 })
  expect(body.takenWh).toBeGreaterThan(100)
  expect((await two.ask(readOwnVan)).body).toMatchObject({ vehicleId: 'VANS-002', isPluggedIn: false })
  // The fleet's own operations are not for drivers.
  expect((await one.ask(depotAccessOperations.listDepotAccounts)).status).toBe(401)
  expect((await one.ask(listDriverLinks, { params: { driverId: 'D-vans-001' } })).status).toBe(401)
  const person = createClient(vans.fsp().url, { authorization: `Bearer ${await logIn(vans.fsp().url)}` })
  expect((await person.ask(readOwnVan)).status).toBe(401)
  expect((await createClient(vans.fsp().url).ask(readOwnVan)).status).toBe(401)
})

test('L2 a link is kept as a digest, ends when it is revoked and when its time is over', async () => {
  const driver = await vans.driver(3)
  const params = { driverId: 'D-vans-003', linkId: driver.linkId }
  const token = new URL(driver.url).hash.slice(1)
  expect(token.length).toBeGreaterThan(30)
  const rows = await vans.db.select().from(driverLink).where(eq(driverLink.driverId, 'D-vans-003'))
  expect(JSON.stringify(rows)).not.toContain(token)
  expect((await driver.ask(readOwnVan)).status).toBe(200)
  expect((await vans.ask(revokeDriverLink, { params })).status).toBe(204)
  expect((await driver.ask(readOwnVan)).status).toBe(401)
  const { body } = await vans.ask(listDriverLinks, { params })
  expect(body).toMatchObject([{ linkId: driver.linkId, createdBy: 'admin', revokedAt: vans.clock.now().toString() }])
  const short = await vans.driver(3)
  await vans.db.update(driverLink).set({ expiresAt: vans.clock.now() }).where(eq(driverLink.linkId, short.linkId))
  expect((await short.ask(readOwnVan)).status).toBe(401)
})

test('L2 a driver states when the van has to be ready and how full, and takes a charge at once back', async () => {
  const driver = await vans.driver(1)
  const body = { readyAt: '2026-01-15T05:00:00Z', targetPercent: 80 }
  const set = await driver.ask(setReadyBy, { body })
  expect(set.body).toMatchObject({ readyBy: '2026-01-15T05:00:00Z', targetPercent: 80 })
  for (const readyAt of ['2026-01-14T16:00:00Z', '2026-01-24T16:00:00Z'])
    expect((await driver.ask(setReadyBy, { body: { readyAt } })).body.errors[0].field).toBe('readyAt')
  expect((await driver.ask(chargeAtOnce)).body).toMatchObject({ state: 'override', overrideUntil: expect.any(String) })
  expect((await driver.ask(endOverride)).body).toMatchObject({ state: 'charging', overrideUntil: null })
  const done = (await vans.db.select().from(depotAudit)).filter(({ actor }) => actor === 'D-vans-001')
  expect(done.map(({ action }) => action)).toEqual(['driver.ready-by', 'driver.override', 'driver.override-ended'])
})

test('L2 a link whose driver drives no van says so, and what it asks for is refused', async () => {
  const driver = await vans.driver(4)
  expect((await driver.ask(readOwnVan)).body).toMatchObject({ vehicleId: null, sentence: 'No van is assigned to you.' })
  expect((await driver.ask(chargeAtOnce)).status).toBe(409)
})

test('who a driver is stands sealed, is for payroll alone, and can be erased while the energy stays', async () => {
  const params = { driverId: 'D-vans-001' }
  const person = { name: 'Jo Field', address: '1 Low Road, N5 1AA', payrollNumber: 'P-4711' }
  const username = 'pay'
  const password = 'a pass phrase of payroll'
  const rights = { role: 'payroll', depotIds: ['vans'] }
  await vans.ask(depotAccessOperations.createDepotAccount, { body: { username, fullName: 'Pay', password, ...rights } })
  const depot = { username: 'depot', fullName: 'D', password, role: 'fleet-admin', depotIds: null }
  await vans.ask(depotAccessOperations.createDepotAccount, { body: depot })
  const as = async (name: string) => {
    const token = await logIn(vans.fsp().url, { username: name, password })
    return createClient(vans.fsp().url, { authorization: `Bearer ${token}` })
  }
  const payroll = await as('pay')
  expect((await (await as('depot')).ask(readDriverPerson, { params })).status).toBe(403)
  expect((await payroll.ask(readDriverPerson, { params })).status).toBe(404)
  expect((await payroll.ask(saveDriverPerson, { params, body: person })).status).toBe(200)
  expect((await payroll.ask(readDriverPerson, { params })).body).toEqual(person)
  const stored = async () =>
    JSON.stringify([await vans.db.select().from(driverPerson), await vans.db.select().from(depotAudit)])
  expect(await stored()).not.toMatch(/Low Road|Jo Field|P-4711/)
  const [before] = await vans.db.select().from(chargingTransaction)
  const driver = await vans.driver(1)
  expect((await payroll.ask(eraseDriverPerson, { params })).status).toBe(204)
  expect((await payroll.ask(readDriverPerson, { params })).status).toBe(404)
  expect((await driver.ask(readOwnVan)).status).toBe(401)
  expect((await payroll.ask(eraseDriverPerson, { params })).status).toBe(404)
  expect((await vans.db.select().from(chargingTransaction))[0]).toEqual(before)
})

test('L2 the page of the drivers comes whole from here and forbids scripts of others', async () => {
  const page = await fetch(`${vans.fsp().url}/driver`)
  const text = await page.text()
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
  expect(text).not.toMatch(/https?:\/\//)
  for (const [, path] of text.matchAll(/(?:src|href)="([^"]+)"/g))
    expect([path, (await fetch(`${vans.fsp().url}${path}`)).status]).toEqual([path, 200])
})
