import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../../../schemas/operations.ts'
import { customer } from '../../../../server/access/customers/tables.ts'
import { saveTestNetwork, saveTestSite } from '../../../../server/grid/test/support/site.ts'
import { customerSite } from '../../../../server/market/customers/tables.ts'
import type { Client } from '../../../../test/support/client.ts'
import { expectGoodScreens, type Portal, startPortal } from '../../../test/support/portal.ts'

let portal: Portal
let planner: Client
let carl: Client
let site: string
const password = 'carl has a long password'

beforeAll(async () => {
  portal = await startPortal()
  const { db, clock } = portal.context
  const customerId = randomUUID()
  await saveTestNetwork(db)
  site = (await saveTestSite(db, clock.now(), { name: 'Islington' })).connectionId
  await db.insert(customer).values({ customerId, name: 'Royal Mail' })
  await db.insert(customerSite).values({ customerId, connectionId: site, since: clock.now() })
  planner = await portal.person('priya', 'planner')
  carl = await portal.account({ username: 'carl', fullName: 'Carl', password, roles: ['customer'], customerId })
}, 180_000)

test('a customer who logs in stands before its sites, and finds nothing of the DNO’s', async () => {
  const page = await portal.open('stranger', '/')
  await page.getByLabel('User name').fill('carl')
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByRole('heading', { name: 'Your sites', level: 1 }).waitFor()
  expect(await page.getByRole('navigation', { name: 'Main' }).getByRole('link').allTextContents()).toEqual([
    'Your sites',
  ])
  await page.goto(`${portal.url}/network`)
  await page.getByText('This page is for people of the network operator').waitFor()
})

test('A11: it applies for a profile in a form, sees that it waits, and then the decision with its reason', async () => {
  const page = await portal.open(carl, '/')
  await page.getByRole('link', { name: 'Islington' }).click()
  await page.getByRole('link', { name: 'Apply for a profile' }).click()
  await page.getByRole('heading', { name: 'New profile for Islington' }).waitFor()
  await page.getByLabel('Last day').fill('2027-12-31')
  await page.getByRole('button', { name: 'Apply', exact: true }).click()
  const table = page.getByRole('region', { name: 'Profiles and applications' })
  await table.getByText('Applied, awaiting decision').waitFor()
  await table.getByText('not decided yet').waitFor()
  const [applied] = (await planner.ask(operations.listProfiles, { query: { state: 'applied' } })).body
  expect(applied).toMatchObject({ connectionId: site, source: 'customer', validTo: '2027-12-31' })
  const params = { id: applied.profileId }
  const body = { reason: 'The substation is replaced in May.' }
  await planner.ask(operations.rejectProfile, { params, body, version: applied.revision })
  await page.reload()
  await table.getByText('Rejected').waitFor()
  await table.getByText(/The substation is replaced in May\./).waitFor()
})

test('its screens are accessible, in light and dark and on a narrow screen', async () => {
  const page = await portal.open(carl, '/')
  await expectGoodScreens(page, [
    ['/', 'Your sites', 'Islington'],
    [`/my-sites/${site}`, 'Islington', 'Limit in force'],
    [`/my-sites/${site}/apply`, 'New profile for Islington', 'Last day'],
  ])
}, 120_000)
