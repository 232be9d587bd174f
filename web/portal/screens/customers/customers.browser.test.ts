import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../../../schemas/operations.ts'
import { saveTestNetwork, saveTestSite } from '../../../../server/grid/test/support/site.ts'
import type { Client } from '../../../../test/support/client.ts'
import { giveAuthority, registerFsp, registerUnit, silentControl } from '../../../../test/support/market.ts'
import { approveWaiting } from '../../../../test/support/second-person.ts'
import { expectGoodScreens, type Portal, startPortal } from '../../../test/support/portal.ts'

let portal: Portal
let planner: Client
let second: Client
let administrator: Client
let site: string
let mpan: string

beforeAll(async () => {
  portal = await startPortal()
  const { db, clock } = portal.context
  await saveTestNetwork(db)
  const islington = await saveTestSite(db, clock.now(), { name: 'Islington' })
  site = islington.connectionId
  mpan = islington.mpan
  await saveTestSite(db, clock.now(), { name: 'Bexleyheath' })
  planner = await portal.person('priya', 'planner')
  second = await portal.person('paul', 'planner')
  administrator = await portal.person('ada', 'administrator')
}, 180_000)

const customers = async () => (await planner.ask(operations.listCustomers)).body
const sitesOf = async (customerId: string) =>
  (await planner.ask(operations.readCustomerSites, { params: { customerId } })).body.connectionIds

test('A11: a planner adds a customer and its site, a second person approves, and an administrator adds its person', {
  timeout: 90_000,
}, async () => {
  const page = await portal.open(planner, '/connections')
  await page.getByRole('link', { name: 'Customers' }).click()
  await page.getByText('No customer has been added yet.').waitFor()
  await page.getByRole('button', { name: 'Add a customer' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('E-mail').fill('nowhere')
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  await expect.poll(() => dialog.getByRole('alert').count()).toBe(2)
  await dialog.getByLabel('Name').fill('Royal Mail')
  await dialog.getByLabel('E-mail').fill('sites@customer.example')
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByRole('heading', { name: 'Royal Mail', level: 1 }).waitFor()
  const [{ customerId }] = await customers()

  await page.getByText('This customer has no site.').waitFor()
  await page.getByLabel('Add a site').fill('isling')
  await page.getByRole('button', { name: 'Add Islington' }).click()
  await page.getByRole('button', { name: 'Save the sites' }).click()
  await dialog.getByText(/Royal Mail will see load and limits of 1 more site/).waitFor()
  await dialog.getByRole('button', { name: 'Save the sites' }).click()
  await page.getByText('Waiting for a second person').waitFor()
  await page.getByText(/Islington, MPAN 12/).waitFor()
  expect(await sitesOf(customerId)).toEqual([])
  await approveWaiting(second, customerId)
  await page.getByText('Waiting for a second person').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Remove Islington' }).waitFor()
  await page.getByText('Only administrators see and add the people').waitFor()

  const desk = await portal.open(administrator, `/customers/${customerId}`)
  await desk.getByRole('button', { name: 'Add a person' }).click()
  const person = desk.getByRole('dialog')
  await person.getByLabel('Full name').fill('Carl Customer')
  await person.getByLabel('User name').fill('priya')
  await person.getByLabel('First password').fill('carl has a long password')
  await person.getByRole('button', { name: 'Add', exact: true }).click()
  await person.getByText('There is already an account with this user name.').waitFor()
  await person.getByLabel('User name').fill('carl')
  await person.getByRole('button', { name: 'Add', exact: true }).click()
  await desk.getByRole('row', { name: /Carl Customer/ }).waitFor()
})

test('A6: a customer lets an FSP with assets at its site read the profile until a day, and the planner sees it', {
  timeout: 90_000,
}, async () => {
  const [{ customerId }] = await customers()
  const engineer = await portal.person('flora', 'flexibility-engineer')
  const fsp = await registerFsp(portal, engineer, 'Depot Flex Ltd', silentControl)
  await giveAuthority(engineer, fsp.client, mpan)
  await registerUnit(fsp.client, 'Islington depot', mpan)
  const carla = await portal.account({ username: 'carla', fullName: 'Carla', roles: ['customer'], customerId })
  const page = await portal.open(carla, `/planner/sites/${site}`)
  await page.getByLabel('FSP with assets at this site').selectOption('Depot Flex Ltd')
  await page.getByLabel('Last day').fill('2026-01-14')
  await page.getByRole('button', { name: 'Allow it to read the profile' }).click()
  await page.getByText('must not be in the past').waitFor()
  await page.getByLabel('Last day').fill('2026-06-30')
  await page.getByRole('button', { name: 'Allow it to read the profile' }).click()
  await page.getByText(/Depot Flex Ltd, since 15 Jan .*, until Tue 30 Jun 2026/).waitFor()

  const desk = await portal.open(planner, `/customers/${customerId}`)
  const consents = desk.getByRole('region', { name: 'Consents to FSPs' })
  await consents.getByRole('row', { name: /Islington.*Depot Flex Ltd.*In force.*30 Jun 2026/ }).waitFor()
})

test('a name is changed; a removed site is gone at once', async () => {
  const [{ customerId }] = await customers()
  const page = await portal.open(planner, `/customers/${customerId}`)
  await page.getByLabel('Name').fill('Royal Mail Group')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Saved.').waitFor()
  expect(await customers()).toMatchObject([{ name: 'Royal Mail Group', email: 'sites@customer.example', etag: '2' }])
  await page.getByRole('button', { name: 'Remove Islington' }).click()
  await page.getByRole('button', { name: 'Save the sites' }).click()
  await page
    .getByRole('dialog')
    .getByText(/no longer sees 1 site/)
    .waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Save the sites' }).click()
  await expect.poll(() => sitesOf(customerId)).toEqual([])
  expect(site).not.toBe('')
})

test('the screens are accessible by axe in light and dark, and fit into 400 px', { timeout: 60_000 }, async () => {
  const [{ customerId }] = await customers()
  const page = await portal.open(administrator, '/customers')
  await expectGoodScreens(page, [
    ['/customers', 'Connections', 'Royal Mail Group'],
    [`/customers/${customerId}`, 'Royal Mail Group', 'Carl Customer'],
  ])
})
