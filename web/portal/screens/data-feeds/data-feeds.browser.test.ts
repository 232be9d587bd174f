import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../../../schemas/operations.ts'
import type { DataDelivery, DataFeed } from '../../../../schemas/planning/data-feeds.ts'
import type { Client } from '../../../../test/support/client.ts'
import { ok } from '../../../test/support/depots.ts'
import { expectGoodScreens, type Portal, startPortal } from '../../../test/support/portal.ts'

let portal: Portal
let administrator: Client
let planner: Client

beforeAll(async () => {
  portal = await startPortal('2026-02-02T10:00:00Z')
  administrator = await portal.person('ada', 'administrator')
  planner = await portal.person('priya', 'planner')
}, 180_000)

const feedId = 'city-rides-trips'
const theFeed = async (): Promise<DataFeed | undefined> =>
  (await ok(planner.ask(operations.listDataFeeds))).find((feed: DataFeed) => feed.feedId === feedId)
const deliveries = async (): Promise<DataDelivery[]> =>
  (await ok(planner.ask(operations.listDeliveries, { params: { feedId } }))).items

const heading = 'vehicle,model,pickup_time,endedAt,fromArea,toArea,km'
const trip = (vehicle: string, km: number | string) =>
  `${vehicle},Kia e-Niro,2026-01-05T08:00:00Z,2026-01-05T08:30:00Z,a,b,${km}`
const file = (...lines: string[]) => `${[heading, ...lines].join('\n')}\n`

async function deliver(page: Page, name: string, text: string) {
  await page.getByLabel('File of the feed').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })
  await page.getByRole('button', { name: 'Deliver', exact: true }).click()
}

test('an administrator adds a company that delivers, its client and its feed', { timeout: 90_000 }, async () => {
  const page = await portal.open(administrator, '/feeds')
  await page.getByRole('link', { name: 'Data providers' }).click()
  await page.getByText('No feed is agreed yet.').waitFor()
  await page.getByRole('button', { name: 'Add a data provider' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Identifier').fill('City Rides')
  await dialog.getByLabel('E-mail').fill('nobody')
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  await dialog.getByText('Enter the name of the company.').waitFor()
  await dialog.getByText('Use lower-case letters, digits and hyphens only').waitFor()
  await dialog.getByText('This is not an e-mail address').waitFor()
  await dialog.getByLabel('Name').fill('City Rides')
  await dialog.getByLabel('Identifier').fill('city-rides')
  await dialog.getByLabel('E-mail').fill('data@cityrides.example')
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByRole('row', { name: /City Rides city-rides data@cityrides.example/ }).waitFor()

  await page.getByRole('link', { name: 'Their API clients' }).click()
  await page.getByRole('button', { name: 'Create a client' }).click()
  await dialog.getByLabel('Whose').selectOption('City Rides’s, for the data that it delivers')
  await dialog.getByLabel('Identifier').fill('city-rides-uploads')
  await dialog.getByLabel('Proves itself with').selectOption('client_secret_basic')
  await dialog.getByRole('button', { name: 'Create' }).click()
  await dialog.getByText('The secret is shown only this once').waitFor()
  const secret = (await dialog.locator('code').textContent()) ?? ''
  const program = await portal.tokenClient('city-rides-uploads', secret, 'data')
  expect(await ok(program.ask(operations.listDataFeeds))).toEqual([])
  await dialog.getByRole('button', { name: 'I have passed it on' }).click()
  await page.getByRole('row', { name: /City Rides city-rides-uploads/ }).waitFor()

  await page.goto(`${portal.url}/data-feeds`)
  await page.getByRole('button', { name: 'Agree a feed' }).click()
  await dialog.getByRole('button', { name: 'Agree the feed' }).click()
  await dialog.getByText('Choose who delivers it.').waitFor()
  await dialog.getByLabel('Name').fill('Trips of City Rides')
  await dialog.getByLabel('Identifier').fill(feedId)
  await dialog.getByLabel('Delivered by').selectOption('City Rides')
  await dialog.getByLabel('Late after').fill('20')
  await dialog.getByText('A file cannot be late before it is due').waitFor()
  await dialog.getByLabel('Late after').fill('40')
  await dialog.getByLabel('Rows that may be rejected').fill('40')
  await dialog.getByRole('button', { name: 'Agree the feed' }).click()
  await page.getByRole('heading', { name: 'Trips of City Rides', level: 1 }).waitFor()
  await page.getByText('The first file is due by Thu 5 Mar 2026').waitFor()
  expect(await theFeed()).toMatchObject({
    providerId: 'city-rides',
    mostRejectedPercent: 40,
    rhythm: { everyDays: 31, lateAfterDays: 40, failedAfterDays: 45 },
  })
})

test('a file that nobody can read waits, until the feed is agreed anew and the file is read again', {
  timeout: 90_000,
}, async () => {
  const page = await portal.open(planner, `/data-feeds/${feedId}`)
  const text = file(trip('v1', 5), trip('v2', 'far'), trip('v3', 7))
  await deliver(page, 'january.csv', text)
  const panel = page.getByRole('complementary', { name: 'Details' })
  await panel.getByText('Not taken').waitFor()
  await panel
    .getByText(/startedAt/)
    .first()
    .waitFor()
  expect(await theFeed()).toMatchObject({ quarantined: 1 })

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    panel.getByRole('link', { name: 'Download as it came' }).click(),
  ])
  expect(await readFile(await download.path(), 'utf8')).toBe(text)
  expect(await page.getByRole('button', { name: 'Change what is agreed' }).isDisabled()).toBe(true)

  const desk = await portal.open(administrator, `/data-feeds/${feedId}`)
  await desk.getByRole('button', { name: 'Change what is agreed' }).click()
  await desk.getByRole('dialog').getByLabel('Columns under other headings').fill('startedAt = pickup_time')
  await desk.getByRole('dialog').getByRole('button', { name: 'Save what is agreed' }).click()
  await desk.getByText('startedAt = pickup_time').first().waitFor()

  await panel.getByRole('button', { name: 'Read it again' }).click()
  await page.getByRole('dialog').getByText('becomes another edition').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Read it again' }).click()
  await panel.getByText('Taken but for some rows').waitFor()
  await panel.getByText('2 rows of 3 rows; 1 row rejected').waitFor()
  await panel.getByText('Line 3, km').waitFor()
  expect(await deliveries()).toMatchObject([{ state: 'partly', taken: 2, rejected: 1, replays: 1 }])
  await panel.getByRole('link', { name: 'The edition that planners work with' }).click()
  await page.getByRole('heading', { name: 'Planning', level: 1 }).waitFor()
  await page.getByText('2 new vehicles').waitFor()
})

test('FM15 whoever saves a company or a feed that somebody else has changed is told, and goes on from theirs', {
  timeout: 90_000,
}, async () => {
  const page = await portal.open(administrator, '/data-feeds')
  const dialog = page.getByRole('dialog')
  const provider = async () =>
    (await ok(administrator.ask(operations.listDataProviders))).find(
      (one: { providerId: string }) => one.providerId === 'city-rides',
    )
  await page.getByRole('row', { name: /City Rides city-rides/ }).click()
  await dialog.getByLabel('E-mail').fill('mine@cityrides.example')
  const params = { providerId: 'city-rides' }
  const theirs = { name: 'City Rides', email: 'theirs@cityrides.example' }
  await ok(administrator.ask(operations.saveDataProvider, { params, body: theirs, version: (await provider()).etag }))
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByText('Someone else has changed this').waitFor()
  await dialog.getByRole('button', { name: 'Load the stored values' }).click()
  await expect.poll(() => dialog.getByLabel('E-mail').inputValue()).toBe('theirs@cityrides.example')
  await dialog.getByLabel('E-mail').fill('data@cityrides.example')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'detached' })
  expect((await provider()).email).toBe('data@cityrides.example')

  await page.goto(`${portal.url}/data-feeds/${feedId}`)
  await page.getByRole('button', { name: 'Change what is agreed' }).click()
  await dialog.getByLabel('Name').fill('Mine')
  const present = (await theFeed()) as DataFeed
  const [body, version] = [{ ...present, name: 'Theirs' } as never, present.etag]
  await ok(administrator.ask(operations.saveDataFeed, { params: { feedId }, body, version }))
  await dialog.getByRole('button', { name: /^Save|^Agree/ }).click()
  await dialog.getByText('Someone else has changed this').waitFor()
  await dialog.getByRole('button', { name: 'Load the stored values' }).click()
  await expect.poll(() => dialog.getByLabel('Name').inputValue()).toBe('Theirs')
  await dialog.getByLabel('Name').fill(present.name)
  await dialog.getByRole('button', { name: /^Save|^Agree/ }).click()
  await dialog.waitFor({ state: 'detached' })
  expect((await theFeed())?.name).toBe(present.name)
})

test('the same file again does nothing, and the page says so', { timeout: 60_000 }, async () => {
  const page = await portal.open(planner, `/data-feeds/${feedId}`)
  const before = await deliveries()
  await deliver(page, 'again.csv', file(trip('v1', 5), trip('v2', 'far'), trip('v3', 7)))
  await page.getByText('The same file came before: nothing was done').waitFor()
  expect(await deliveries()).toEqual(before)
})

test('a feed that is switched off takes no file, and is not waited for', { timeout: 60_000 }, async () => {
  const page = await portal.open(administrator, `/data-feeds/${feedId}`)
  await page.getByRole('button', { name: 'Change what is agreed' }).click()
  await page.getByRole('dialog').getByLabel('The feed is in use').uncheck()
  await page.getByRole('dialog').getByRole('button', { name: 'Save what is agreed' }).click()
  await page.getByText('Switched off: nothing is taken').waitFor()
  expect(await page.getByRole('button', { name: 'Choose a file' }).isDisabled()).toBe(true)
  expect(await theFeed()).toMatchObject({ isActive: false, quarantined: 0 })
})

test('the register of feeds leads to what is agreed with a data provider, instead of changing it', {
  timeout: 60_000,
}, async () => {
  const page = await portal.open(administrator, `/feeds?feed=${feedId}`)
  await page.getByRole('link', { name: 'What is agreed with its data provider' }).click()
  await page.getByRole('heading', { name: 'Trips of City Rides', level: 1 }).waitFor()
})

test('the screens are accessible in light and dark, and fit into 400 px; others read why they see no feeds', {
  timeout: 120_000,
}, async () => {
  const [{ deliveryId } = { deliveryId: '' }] = await deliveries()
  await expectGoodScreens(await portal.open(planner, '/data-feeds'), [
    ['/data-feeds', 'Data providers', 'Trips of City Rides'],
    [`/data-feeds/${feedId}?delivery=${deliveryId}`, 'Trips of City Rides', 'Download as it came'],
  ])
  const other = await portal.open(await portal.person('olivia', 'operator'), '/data-feeds')
  await other.getByText('This needs the role planner.').waitFor()
  await other.getByText('data@cityrides.example').waitFor()
})
