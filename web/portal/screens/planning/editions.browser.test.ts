import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../../../schemas/operations.ts'
import type { Client } from '../../../../test/support/client.ts'
import { ok } from '../../../test/support/depots.ts'
import { expectGoodScreens, type Portal, startPortal } from '../../../test/support/portal.ts'

let portal: Portal
let planner: Client

beforeAll(async () => {
  portal = await startPortal()
  planner = await portal.person('priya', 'planner')
}, 180_000)

const editions = async () => (await ok(planner.ask(operations.listDemandEditions))).items

async function check(page: Page, name: string, lines: readonly string[]) {
  const file = { name, mimeType: 'text/csv', buffer: Buffer.from(`${lines.join('\n')}\n`) }
  await page.getByLabel('File of EV demand').setInputFiles(file)
  await page.getByRole('button', { name: 'Check' }).click()
}

const heading = 'vehicle,model,startedAt,endedAt,fromArea,toArea,km'

test('a planner imports trips: errors are told by line, a check tells the findings and stores nothing, an import all', {
  timeout: 90_000,
}, async () => {
  const page = await portal.open(planner, '/planning')
  await page.getByRole('link', { name: 'Editions' }).click()
  await page.getByText('No file has been imported yet.').waitFor()
  await page.getByRole('link', { name: 'Import a file' }).click()
  await page.getByRole('heading', { name: 'Import a file of EV demand' }).waitFor()
  await page.getByLabel('Kind').selectOption('Trips')
  await check(page, 'january.csv', [
    heading,
    'v1,Kia e-Niro,2026-01-14T09:00:00Z,2026-01-14T08:00:00Z,a,b,5',
    'v1,Kia e-Niro,2026-01-14 09:00,2026-01-14 10:00,a,b,5',
  ])
  const flaws = page.getByRole('region', { name: 'Flaws' })
  await flaws.getByRole('row', { name: /2 endedAt is before startedAt/ }).waitFor()
  await flaws.getByRole('row', { name: /3 startedAt .*offset/ }).waitFor()

  const good = [
    heading,
    'v1,Kia e-Niro,2026-01-14 08:00,2026-01-14 09:00,a,b,20',
    'v2,Kia Niro,2026-01-14 08:00,2026-01-14 09:00,a,b,20',
  ]
  await page.getByLabel('Times without an offset').selectOption('are local time, Europe/London')
  await check(page, 'january.csv', good)
  await page.getByText('2 rows checked without errors').waitFor()
  await page
    .getByRole('region', { name: 'Findings' })
    .getByRole('row', { name: /Model not on record Kia Niro/ })
    .waitFor()
  expect(await editions()).toEqual([])
  await page.getByLabel('Name').fill('Our January')
  // Another statement is another file to check.
  await page.getByText('2 rows checked without errors').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Check' }).click()
  await page.getByRole('button', { name: 'Import: 2 rows' }).click()
  await page.getByText('2 rows imported').waitFor()
  expect(await editions()).toMatchObject([{ name: 'Our January', kind: 'trips', rows: 2, importedBy: 'priya' }])

  await page.getByRole('link', { name: 'Our January' }).click()
  const panel = page.getByRole('complementary', { name: 'Details' })
  await panel.getByText('2 new vehicles').waitFor()
  await panel.getByText('v1, v2').waitFor()
  await panel.getByRole('button', { name: 'Close details' }).click()
  await page
    .getByRole('region', { name: 'Editions' })
    .getByRole('row', { name: /Our January Trips 2/ })
    .waitFor()
  await page.getByLabel('Kind').selectOption('Areas')
  await page.getByText('There is no edition of this kind.').waitFor()
})

test('a template is downloaded, and can be imported as it is', { timeout: 60_000 }, async () => {
  const page = await portal.open(planner, '/planning/import?kind=profiles')
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download a template' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('ev-demand-profiles-template.csv')
  const text = await readFile(await download.path(), 'utf8')
  await check(page, 'profiles.csv', text.trimEnd().split('\r\n'))
  await page.getByText('576 rows checked without errors').waitFor()
  await page.getByText('Archetypes').waitFor()
})

test('trips are made up from a seed once every field is right, and are marked as made up', {
  timeout: 60_000,
}, async () => {
  const text = 'code,borough,easting,northing,cars\na,Camden,529400,184000,100\nb,Camden,530400,184000,100\n'
  await ok(planner.ask(operations.importDemandEdition, { params: { kind: 'areas' }, query: { name: 'Ours' }, text }))
  const page = await portal.open(planner, '/planning/editions')
  await page.getByRole('link', { name: 'Make up trips' }).click()
  await page.getByLabel('Vehicles').fill('2000')
  await page.getByRole('button', { name: 'Make up these trips' }).click()
  await page.getByText('Enter a model of your register of vehicle models.').waitFor()
  await page.getByText('Choose fewer days or vehicles: at most 20,000 days of vehicles.').waitFor()
  await page.getByLabel('Vehicles').fill('3')
  await page.getByLabel('Days').fill('14')
  await page.getByLabel('Vehicle model').fill('Kia e-Niro')
  await page.getByRole('button', { name: 'Make up these trips' }).click()
  const panel = page.getByRole('complementary', { name: 'Details' })
  await panel.getByText('Made-up data').waitFor()
  expect(await editions()).toContainEqual(
    expect.objectContaining({ name: 'Made-up trips', isSynthetic: true, newVehicleCount: 3 }),
  )
})

test('how much of a large file is sent is told while it is sent', { timeout: 90_000 }, async () => {
  const page = await portal.open(planner, '/planning/import?kind=off-street')
  const seen: string[] = []
  await page.exposeFunction('told', (text: string) => seen.push(text))
  await page.evaluate(`new MutationObserver(() => {
    const text = document.querySelector('[role="status"]')?.textContent
    if (text) void window.told(text)
  }).observe(document.body, { subtree: true, childList: true, characterData: true })`)
  const rows = Array.from({ length: 100_000 }, (_, n) => `place-${n},0.5`)
  await check(page, 'places.csv', ['place,share', ...rows])
  await page.getByText('100,000 rows checked without errors').waitFor({ timeout: 60_000 })
  expect(seen.some((text) => /^\d+ % sent$|^Sent; the server reads the rows$/.test(text.replace('\u00a0', ' ')))).toBe(
    true,
  )
})

test('the screens are accessible in light and dark, and fit into 400 px; others read why they see no editions', {
  timeout: 120_000,
}, async () => {
  const page = await portal.open(planner, '/planning/editions')
  const [{ editionId }] = await editions()
  await expectGoodScreens(page, [
    [`/planning/editions?edition=${editionId}`, 'Planning', 'Imported'],
    ['/planning/made-up-trips', 'Make up trips', 'The same seed makes the same trips.'],
    ['/planning/import?kind=trips', 'Import a file of EV demand', 'Times without an offset'],
    ['/planning/import?kind=areas', 'Import a file of EV demand', 'Coordinates of shapes'],
  ])
  const other = await portal.open(await portal.person('olivia', 'operator'), '/planning/editions')
  await other.getByText('This needs the role planner.').waitFor()
})
