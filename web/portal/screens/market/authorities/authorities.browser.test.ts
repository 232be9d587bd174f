import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../../../../schemas/operations.ts'
import type { Client } from '../../../../../test/support/client.ts'
import { type DepotsScene, startDepots } from '../../../../test/support/depots.ts'
import { type DepotFsp, registerDepotFsp } from '../../../../test/support/fsps.ts'
import { expectGoodScreens } from '../../../../test/support/portal.ts'

let scene: DepotsScene
let engineer: Client
let holder: DepotFsp
let newcomer: DepotFsp
let mpan = ''

beforeAll(async () => {
  scene = await startDepots('2026-01-15T09:00:00Z')
  engineer = await scene.seeded('flex')
  holder = await registerDepotFsp(scene, 'Depot Flex Ltd', { Islington: 35_000 })
  newcomer = await registerDepotFsp(scene, 'Battery Barn plc', {})
  mpan = scene.depot('Islington').mpan
}, 180_000)

const own = async (of: DepotFsp) => (await of.client.ask(operations.listAuthorities)).body.items

test('SEC03 an FSP applies for an MPAN at the portal; the DNO sees who holds it, hands it over on a day, and ends it', async () => {
  const user = await scene.fspUser('ines', newcomer.fspId)
  const form = await scene.open(user, '/market/new-authority')
  await form.getByLabel('MPANs').fill('12000001')
  await form.getByLabel('Evidence').fill('Letter of 2 January')
  await form.getByRole('button', { name: 'Apply' }).click()
  await form.getByText('must be the 13 digits of an MPAN').waitFor()
  await form.getByLabel('MPANs').fill(mpan)
  await form.getByLabel('From').fill('2026-01-10')
  await form.getByRole('button', { name: 'Apply' }).click()
  await form.getByRole('row', { name: new RegExp(`${mpan}.*Applied`) }).click()
  expect(await form.getByText('Depot Flex Ltd').count()).toBe(0)
  const page = await scene.open(engineer, '/market/authorities?state=applied')
  await page.getByRole('row', { name: new RegExp(mpan) }).click()
  await page.getByText('Depot Flex Ltd holds this MPAN').waitFor()
  await page.getByLabel('Hand over on').fill('2026-01-16')
  await page.getByRole('button', { name: 'Approve' }).click()
  await expect.poll(() => own(newcomer)).toMatchObject([{ state: 'approved', from: '2026-01-16' }])
  expect(await own(holder)).toMatchObject([{ until: '2026-01-16' }])
  await page.getByLabel('First day without it').fill('2026-02-01')
  await page.getByLabel('Reason for the end').fill('The customer has withdrawn its letter.')
  await page.getByRole('button', { name: 'End the authority' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('its FUs there are out of service').waitFor()
  await dialog.getByRole('button', { name: 'End the authority' }).click()
  await expect.poll(() => own(newcomer)).toMatchObject([{ until: '2026-02-01' }])
})

test('SEC03 the screens of authorities are accessible by axe in light and dark, and fit into 400 px', {
  timeout: 120_000,
}, async () => {
  const [{ authorityId }] = await own(holder)
  await expectGoodScreens(await scene.open(engineer, '/market'), [
    [`/market/authorities?authority=${authorityId}`, 'Market', 'Letter of the test customer'],
  ])
  const user = await scene.fspUser('ivy', newcomer.fspId)
  await expectGoodScreens(await scene.open(user, '/market'), [
    ['/market/new-authority', 'Apply for MPANs', 'Given by'],
    ['/market/authorities', 'Market', mpan],
  ])
})
