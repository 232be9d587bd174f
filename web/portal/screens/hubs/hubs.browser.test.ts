import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../../../schemas/operations.ts'
import { saveClient } from '../../../../server/access/index.ts'
import { saveTestNetwork, saveTestSite, type TestSite } from '../../../../server/grid/test/support/site.ts'
import type { Client } from '../../../../test/support/client.ts'
import { agreed, approveWaiting } from '../../../../test/support/second-person.ts'
import { ok } from '../../../test/support/depots.ts'
import { expectGoodScreens, type Portal, startPortal } from '../../../test/support/portal.ts'

let portal: Portal
let operator: Client
let second: Client
let site: TestSite

beforeAll(async () => {
  portal = await startPortal('2026-01-15T09:00:00Z')
  const { db, clock } = portal.context
  await saveTestNetwork(db)
  site = await saveTestSite(db, clock.now(), { name: 'Islington' })
  operator = await portal.person('olivia', 'operator')
  second = await portal.person('oscar', 'operator')
}, 180_000)

const voltage = { group: 30, index: 0, feeder: 1, phase: 'L1', quantity: 'voltage', scale: 0.1 } as const

/** Makes a map over the API, by two people. */
async function savedMap(name: string): Promise<void> {
  const asked = operator.ask(operations.savePointMap, { params: { name }, body: { points: [voltage] }, version: null })
  await agreed(second, asked)
}

const mapNow = (name: string) => ok(operator.ask(operations.readPointMap, { params: { name } }))
const registrationNow = (id: string) => ok(operator.ask(operations.readRegistration, { params: { id } }))

/** Takes both steps of a button that has two. */
async function confirm(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name }).click()
  await page.getByRole('dialog').getByRole('button', { name }).click()
}

test('an operator makes a point map from rows of a spreadsheet, and it counts once a second person has approved it', {
  timeout: 90_000,
}, async () => {
  const page = await portal.open(operator, '/hubs')
  await page.getByRole('link', { name: 'Point maps' }).click()
  await page.getByText('There is no point map yet').waitFor()
  await page.getByRole('link', { name: 'New point map' }).click()
  await page.getByLabel('Name').fill('lv monitor')
  await page.getByText('Use small letters, digits and hyphens, at most 60.').waitFor()
  await page.getByLabel('Name').fill('lv-monitor')

  await page.getByRole('button', { name: 'From a file or a spreadsheet' }).click()
  const dialog = page.getByRole('dialog')
  const heading = 'group\tindex\tfeeder\tphase\tquantity\tscale'
  await dialog.getByLabel('Or paste the rows here').fill(`${heading}\n30\t0\t1\tL9\tvoltage\t0.1`)
  await dialog.getByText('Line 2, phase: must be L1, L2, L3 or none').waitFor()
  await dialog
    .getByLabel('Or paste the rows here')
    .fill(`${heading}\n30\t0\t1\tL1\tvoltage\t0.1\n30\t1\t1\tL1\tcurrent\t0.01`)
  await dialog.getByRole('button', { name: 'Use 2 points in place of 0' }).click()
  await page.getByRole('row', { name: /30 1 feeder 1 L1 Current, A 0\.01/ }).waitFor()
  await confirm(page, 'Propose this map')
  await page.getByText('Make the point map lv-monitor').waitFor()
  expect(await ok(operator.ask(operations.listPointMaps))).toEqual([])

  await approveWaiting(second, 'lv-monitor')
  await page.reload()
  await page.getByRole('row', { name: /lv-monitor 2 1 0/ }).waitFor()
  expect((await mapNow('lv-monitor')).points).toEqual([
    voltage,
    { ...voltage, index: 1, quantity: 'current', scale: 0.01 },
  ])
})

test('one point of a map is changed in a form, another added, and the file has what is on the screen', {
  timeout: 90_000,
}, async () => {
  await savedMap('single')
  const page = await portal.open(operator, '/point-maps/single')
  await page.getByRole('row', { name: /feeder 1 L1/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Scale').fill('0')
  await dialog.getByRole('button', { name: 'Take over into the list' }).click()
  await dialog.getByText('must be a number other than 0').waitFor()
  await dialog.getByLabel('Scale').fill('-1')
  await dialog.getByRole('button', { name: 'Take over into the list' }).click()
  await page.getByRole('row', { name: /−1.*changed/ }).waitFor()

  await page.getByRole('button', { name: 'Add a point' }).click()
  await dialog.getByLabel('Index').fill('0')
  await dialog.getByRole('button', { name: 'Add it to the list' }).click()
  await dialog.getByText('has a meaning already: change that point instead').waitFor()
  await dialog.getByLabel('Index').fill('7')
  await dialog.getByLabel('Quantity').selectOption('Active power, W')
  await dialog.getByRole('button', { name: 'Add it to the list' }).click()
  await page.getByText('1 point added, 1 changed. No hub uses this map.').first().waitFor()

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download CSV' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('points-of-single.csv')
  expect((await readFile(await download.path(), 'utf8')).split('\r\n')).toEqual([
    'group,index,feeder,phase,quantity,scale,deadBand',
    '30,0,1,L1,voltage,-1,',
    '30,7,1,L1,active-power,-1,',
    '',
  ])
  await confirm(page, 'Propose these points')
  await page.getByText('Change the point map single of 0 hubs').waitFor()
  await approveWaiting(second, 'single')
  expect((await mapNow('single')).points).toEqual([
    { ...voltage, scale: -1 },
    { ...voltage, index: 7, quantity: 'active-power', scale: -1 },
  ])
})

test('FM15: the second of two who change a point map is told, and begins with what the first had approved', {
  timeout: 90_000,
}, async () => {
  await savedMap('raced')
  const page = await portal.open(operator, '/point-maps/raced')
  await page.getByRole('row', { name: /feeder 1 L1/ }).click()
  await page.getByRole('dialog').getByLabel('Scale').fill('5')
  await page.getByRole('dialog').getByRole('button', { name: 'Take over into the list' }).click()
  const { etag } = await mapNow('raced')
  const body = { points: [{ ...voltage, scale: 9 }] }
  const params = { name: 'raced' }
  await agreed(operator, second.ask(operations.savePointMap, { params, body, version: etag }))
  await confirm(page, 'Propose these points')
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByText('Someone else has changed this').waitFor()
  await page.getByRole('button', { name: 'Load the stored values' }).click()
  await page.getByRole('row', { name: /feeder 1 L1 Voltage, V 9/ }).waitFor()
})

test('an operator registers a hub: at once with the points of its model, and its gateway is given it', {
  timeout: 90_000,
}, async () => {
  const page = await portal.open(operator, '/hubs')
  await page.getByRole('link', { name: 'Register a hub' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Almeida Street hub')
  await page.getByRole('button', { name: 'Register the hub' }).click()
  await page.getByText('Say what the hub monitors: a connection, a node, or both.').waitFor()
  await page.getByText('Say where the hub answers, a host or an IP address').waitFor()
  await page.getByText('Name the gateway that polls it.').waitFor()
  await page.getByLabel('Node', { exact: true }).fill('sec')
  await page.getByLabel('Host').fill('10.20.0.7')
  await page.getByLabel('Gateway', { exact: true }).fill('gateway-9')
  await page.getByRole('button', { name: 'Add a feeder' }).click()
  const feeder = page.getByRole('group', { name: 'Feeder 1' })
  await feeder.getByText('Choose the connection whose import it is.').waitFor()
  await feeder.getByRole('searchbox', { name: 'Connection' }).fill('Isling')
  await feeder.getByRole('button', { name: 'Choose Islington' }).click()
  await page.getByRole('button', { name: 'Register the hub' }).click()
  await page.getByRole('heading', { name: 'Almeida Street hub', level: 2 }).waitFor()
  const hubs = await ok(operator.ask(operations.listHubs))
  const made = hubs.find((hub: { name: string }) => hub.name === 'Almeida Street hub')
  expect(await registrationNow(made.hubId)).toMatchObject({
    nodeId: 'sec',
    connectionId: null,
    host: '10.20.0.7',
    port: 20_000,
    gatewayId: 'gateway-9',
    feeders: [{ feeder: 1, role: 'building', connectionId: site.connectionId }],
  })
})

test('how a hub is reached changes at once; what its feeders mean waits for a second person', {
  timeout: 90_000,
}, async () => {
  const page = await portal.open(operator, `/hubs?hub=${site.hubId}`)
  await page.getByRole('link', { name: 'How it is reached and read' }).click()
  await page.getByLabel('Port').fill('20123')
  await page.getByRole('button', { name: 'Save the change' }).click()
  await page.getByText('Saved. Its gateway has the change within a minute.').waitFor()
  expect((await registrationNow(site.hubId)).port).toBe(20_123)

  await page.getByRole('group', { name: 'Feeder 1' }).getByLabel('Feeds').selectOption('chargers')
  await page.getByRole('button', { name: 'Propose the change' }).click()
  await page.getByText('Proposed. Everything stays as it is until a second person has approved it.').waitFor()
  const role = async () => (await registrationNow(site.hubId)).feeders[0].role
  expect(await role()).toBe('building')
  await page.getByText('Waiting for a second person').waitFor()
  await approveWaiting(second, site.hubId)
  expect(await role()).toBe('ev')
})

test('an operator makes a pool of gateways, is told what a removed one leaves behind, and a gateway is in one pool only', {
  timeout: 90_000,
}, async () => {
  for (const clientId of ['north-1', 'north-2'])
    await saveClient(portal.db, {
      clientId,
      kind: 'gateway',
      subjectId: clientId,
      scopes: ['gateway'],
      active: true,
      authentication: { method: 'client_secret_basic', secret: 'a secret of two gateways' },
    })
  const page = await portal.open(operator, '/gateway-pools')
  await page.getByText('There is no pool yet').waitFor()
  const panel = page.getByRole('complementary', { name: 'Details' })
  await page.getByRole('button', { name: 'New pool' }).click()
  await panel.getByLabel('Silent after').fill('1')
  await panel.getByRole('button', { name: 'Make the pool' }).click()
  await panel.getByText('Enter whole seconds, 2 to 3,600.').waitFor()
  await panel.getByText('Name at least one gateway.').waitFor()
  await panel.getByLabel('Name').fill('north')
  await panel.getByLabel('Silent after').fill('30')
  await panel.getByLabel('Gateways, one per line').fill('north-1\nnorth-2')
  await panel.getByRole('button', { name: 'Make the pool' }).click()
  await page.getByText('2 gateways were never seen.').waitFor()

  const gateway = await portal.tokenClient('north-1', 'a secret of two gateways', 'gateway')
  await ok(gateway.ask(operations.readAssignment))
  await page.reload()
  await page.getByText('north-2 was never seen.').waitFor()
  await page.getByRole('row', { name: /north-1 Online/ }).waitFor()
  await portal.clock.advanceTo(portal.clock.now().plusSeconds(60))
  await page.reload()
  await page.getByText('north-1 is silent; north-2 was never seen.').waitFor()

  await page.getByRole('button', { name: 'Change the pool north' }).click()
  await panel.getByLabel('Gateways, one per line').fill('north-2')
  await panel.getByText('Stop north-1 first').waitFor()
  await panel.getByRole('button', { name: 'Save, in force at once' }).click()
  await page.getByRole('row', { name: /north-1/ }).waitFor({ state: 'detached' })

  await page.getByRole('button', { name: 'New pool' }).click()
  await panel.getByLabel('Name').fill('south')
  await panel.getByLabel('Gateways, one per line').fill('north-2')
  await panel.getByRole('button', { name: 'Make the pool' }).click()
  await panel.getByText('north-2 is in the pool north already: a gateway is in one pool.').waitFor()
})

test('a planner registers hubs, and reads point maps and pools without changing them', {
  timeout: 60_000,
}, async () => {
  await savedMap('read-only')
  const page = await portal.open(await portal.person('priya', 'planner'), '/point-maps/read-only')
  await page.getByRole('row', { name: /feeder 1 L1/ }).waitFor()
  expect(await page.getByRole('button', { name: 'Add a point' }).isDisabled()).toBe(true)
  expect(await page.getByRole('button', { name: 'Propose these points' }).count()).toBe(0)
  await page.goto(`${portal.url}/gateway-pools`)
  await page.getByRole('heading', { name: 'Gateway pools' }).waitFor()
  expect(await page.getByRole('button', { name: 'New pool' }).isDisabled()).toBe(true)
  await page.goto(`${portal.url}/new-hub`)
  await page.getByLabel('Name', { exact: true }).fill('Planned hub')
  expect(await page.getByRole('button', { name: 'Register the hub' }).isEnabled()).toBe(true)
})

test('the screens are accessible by axe in light and dark, and fit into 400 px', { timeout: 120_000 }, async () => {
  await savedMap('pictured')
  const page = await portal.open(operator, '/point-maps')
  await expectGoodScreens(page, [
    ['/point-maps', 'Point maps', 'pictured'],
    ['/point-maps/pictured', 'Point map pictured', 'Nothing is changed yet.'],
    ['/new-point-map', 'New point map', 'There is no point yet.'],
    ['/gateway-pools?add=true', 'Gateway pools', 'Gateways, one per line'],
    ['/new-hub', 'Register a hub', 'Who polls it, and how often'],
    [`/hubs/${site.hubId}/registration`, 'Registration of Islington hub', 'Feeders that it measures'],
  ])
})
