import { readFile } from 'node:fs/promises'
import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../../../schemas/operations.ts'
import { saveTestNetwork, saveTestSite, type TestSite } from '../../../../server/grid/test/support/site.ts'
import type { Client } from '../../../../test/support/client.ts'
import { ok } from '../../../test/support/depots.ts'
import { expectGoodScreens, type Portal, startPortal } from '../../../test/support/portal.ts'

let portal: Portal
let planner: Client
let one: TestSite
let other: TestSite

beforeAll(async () => {
  portal = await startPortal('2026-01-15T09:00:00Z')
  const { db, clock } = portal.context
  await saveTestNetwork(db)
  one = await saveTestSite(db, clock.now(), { name: 'Islington' })
  other = await saveTestSite(db, clock.now(), { name: 'Camden' })
  planner = await portal.person('priya', 'planner')
}, 180_000)

test('a planner registers a connection: it has the licence area of its node, and its page opens', {
  timeout: 60_000,
}, async () => {
  const page = await portal.open(planner, '/connections')
  await page.getByRole('link', { name: 'Register a connection' }).click()
  await page.getByRole('button', { name: 'Register the connection' }).click()
  await page.getByText('Give it a name, at most 100 letters.').waitFor()
  await page.getByText('Choose the node that feeds it.').waitFor()
  await page.getByText('Enter 1 to 100,000 kVA.').waitFor()
  await page.getByLabel('Name', { exact: true }).fill('Bow')
  await page.getByLabel('Customer').fill('Royal Mail')
  await page.getByLabel('Address').fill('Bow Road, London E3')
  await page.getByLabel('MPANs').fill('12345')
  await page.getByText('Enter MPANs of 13 digits each, at most 20, each once.').waitFor()
  await page.getByLabel('MPANs').fill('1200000099001, 1200000099002')
  await page.getByLabel('Fed from').fill('sec')
  await expect.poll(() => page.getByLabel('Licence area').inputValue()).toBe('LPN')
  await page.getByLabel('Supply capacity').fill('300')
  await page.getByLabel('Export capacity').fill('0')
  await page.getByRole('button', { name: 'Register the connection' }).click()
  await page.getByRole('heading', { name: 'Bow', level: 1 }).waitFor()
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? ''
  expect(await ok(planner.ask(operations.readMasterData, { params: { id } }))).toMatchObject({
    name: 'Bow',
    customer: 'Royal Mail',
    licenceArea: 'LPN',
    nodeId: 'sec',
    ascKva: 300,
    exportKva: 0,
    powerFactor: 0.95,
    mpans: ['1200000099001', '1200000099002'],
  })
})

test('an MPAN that another connection holds is refused by name, and nothing of the form is lost', {
  timeout: 60_000,
}, async () => {
  const page = await portal.open(planner, '/new-connection')
  await page.getByLabel('Name', { exact: true }).fill('Twice')
  await page.getByLabel('Customer').fill('Royal Mail')
  await page.getByLabel('MPANs').fill(one.mpan)
  await page.getByLabel('Fed from').fill('sec')
  await expect.poll(() => page.getByLabel('Licence area').inputValue()).toBe('LPN')
  await page.getByLabel('Supply capacity').fill('300')
  await page.getByRole('button', { name: 'Register the connection' }).click()
  await page.getByText(new RegExp(one.mpan)).first().waitFor()
  await page.getByRole('alert').first().waitFor()
  await page.getByLabel('MPANs').fill('1200000099009')
  await page.getByRole('button', { name: 'Register the connection' }).click()
  await page.getByRole('heading', { name: 'Twice', level: 1 }).waitFor()
})

test('a planner makes a group of connections by their MPANs, and adds more of them', { timeout: 60_000 }, async () => {
  const page = await portal.open(planner, '/connections')
  await page.getByRole('link', { name: 'Groups' }).click()
  await page.getByText('There is no group yet.').waitFor()
  await page.getByRole('button', { name: 'New group' }).click()
  const panel = page.getByRole('complementary', { name: 'Details' })
  await panel.getByLabel('Name', { exact: true }).fill('Depots of Almeida Street')
  await panel.getByLabel('Fed through').fill('sec')
  await panel.getByLabel('MPANs').fill('1299999999999')
  await panel.getByRole('button', { name: 'Make the group' }).click()
  await panel.getByText('no connection holds 1299999999999').waitFor()
  await panel.getByLabel('MPANs').fill(one.mpan)
  await panel.getByRole('button', { name: 'Make the group' }).click()
  await panel.getByRole('heading', { name: 'Depots of Almeida Street' }).waitFor()
  await page.getByRole('row', { name: 'Depots of Almeida Street Almeida St 1' }).waitFor()

  await panel.getByLabel('MPANs').fill('12')
  await panel.getByRole('button', { name: 'Add them to the group' }).click()
  await panel.getByText('“12” is not an MPAN: it has 13 digits.').waitFor()
  await panel.getByLabel('MPANs').fill(`${one.mpan}\n${other.mpan}`)
  await panel.getByRole('button', { name: 'Add them to the group' }).click()
  await panel.getByText('The group now has 2 connections.').waitFor()
  const { items } = await ok(planner.ask(operations.listConnectionGroups))
  expect(items).toMatchObject([{ name: 'Depots of Almeida Street', nodeId: 'sec', connections: 2 }])

  await page.getByRole('button', { name: 'New group' }).click()
  await panel.getByLabel('Name', { exact: true }).fill('Depots of Almeida Street')
  await panel.getByLabel('Fed through').fill('sec')
  await panel.getByLabel('MPANs').fill(one.mpan)
  await panel.getByRole('button', { name: 'Make the group' }).click()
  await panel.getByText('There is a group of this name already.').waitFor()
})

test('the compliance of a month is downloaded as PDF', { timeout: 60_000 }, async () => {
  const page = await portal.open(planner, '/compliance')
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download PDF' }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(/\.pdf$/)
  expect((await readFile(await download.path())).subarray(0, 5).toString()).toBe('%PDF-')
})

test('an operator reads groups, and can neither make one nor register a connection', { timeout: 60_000 }, async () => {
  const page = await portal.open(await portal.person('olivia', 'operator'), '/connection-groups')
  expect(await page.getByRole('button', { name: 'New group' }).isDisabled()).toBe(true)
  await page.goto(`${portal.url}/new-connection`)
  await page.getByText('This needs the role planner.').waitFor()
  expect(await page.getByRole('button', { name: 'Register the connection' }).isDisabled()).toBe(true)
})

test('the screens are accessible by axe in light and dark, and fit into 400 px', { timeout: 120_000 }, async () => {
  const page = await portal.open(planner, '/connection-groups')
  await expectGoodScreens(page, [
    ['/connection-groups?add=true', 'Connections', 'Make the group'],
    ['/new-connection', 'Register a connection', 'Turns both capacities into kW.'],
  ])
})
