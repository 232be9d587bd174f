import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { saveTestNetwork, saveTestSite } from '../../../../../server/grid/test/support/site.ts'
import type { Client } from '../../../../../test/support/client.ts'
import { screenFaults } from '../../../../test/support/accessibility.ts'
import { expectGoodScreens, type Portal, startPortal } from '../../../../test/support/portal.ts'

let portal: Portal
let planner: Client

beforeAll(async () => {
  portal = await startPortal()
  const { db, clock } = portal.context
  await saveTestNetwork(db)
  await saveTestSite(db, clock.now(), { name: 'Islington' })
  planner = await portal.person('priya', 'planner')
}, 180_000)

const lines = (km: number, endsAt: string) => [
  'van,routeType,startedAt,endedAt,km,endsAt',
  `v1,urban,2026-01-14T08:00:00Z,2026-01-14T14:00:00Z,${km},${endsAt}`,
  'v2,rural,2026-07-14T08:00:00Z,2026-07-14T14:00:00Z,300,home',
]

async function choose(page: Page, given: readonly string[]) {
  const file = { name: 'vans.csv', mimeType: 'text/csv', buffer: Buffer.from(`${given.join('\n')}\n`) }
  await page.getByLabel('File of journeys').setInputFiles(file)
}

test('a planner estimates what a fleet would charge, is told of flaws by line, and compares with a meter', {
  timeout: 90_000,
}, async () => {
  const page = await portal.open(planner, '/planning')
  await page.getByRole('link', { name: 'Fleet' }).click()
  await page.getByLabel('Usable battery').fill('0')
  await page.getByRole('button', { name: 'Estimate' }).click()
  await page.getByText('Choose the file with the journeys.').waitFor()
  await page.getByText('Enter a number from 1 to 1000 (kWh).').waitFor()
  await page.getByLabel('Usable battery').fill('60')
  await page.getByLabel('Efficiency of charging').fill('100')
  await page.getByLabel('Charging at the depot').fill('10')
  await page.getByLabel('Winter to summer').fill('1')
  await page.getByLabel('Other headings').fill('vehicle=van')
  await choose(page, lines(80, 'garage'))
  await page.getByRole('button', { name: 'Estimate' }).click()
  await page
    .getByRole('region', { name: 'Flaws' })
    .getByRole('row', { name: /2 endsAt .*garage/ })
    .waitFor()
  await choose(page, lines(80, 'depot'))
  await page.getByLabel('Compare with the meter of').selectOption('Islington')
  await page.getByRole('button', { name: 'Estimate' }).click()
  await page.getByText(/15 of 95.kWh would be driven on an empty battery, on 1 day of a vehicle/).waitFor()
  await page.getByText('Nothing was measured at the depot in the time of the journeys').waitFor()
  const routes = page.getByRole('region', { name: 'Routes' }).getByRole('row')
  expect(await routes.nth(1).textContent()).toContain('ruralsummer')
  await page.getByText(/The mean of the depot is greatest at 14:00 of a winter weekday/).waitFor()
  await page.getByText('Table', { exact: true }).click()
  await page
    .getByRole('region', { name: 'Mean days, depot' })
    .getByRole('row', { name: /^14:00/ })
    .waitFor()
  await page.getByText('Homes', { exact: true }).click()
  await page.getByRole('region', { name: 'Mean days, homes' }).waitFor()
  expect(await screenFaults(page)).toEqual([])

  // Other figures are another estimate.
  await page.getByLabel('Usable battery').fill('90')
  await page.getByText('What the fleet would need').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Estimate' }).click()
  await page.getByText('Every journey is within the range.').waitFor()
})

test('the screen is accessible in light and dark, and fits into 400 px; others read that it is for planners', {
  timeout: 60_000,
}, async () => {
  await expectGoodScreens(await portal.open(planner, '/planning/fleet'), [
    ['/planning/fleet', 'Planning', 'The electric vehicles that take their place'],
  ])
  const other = await portal.open(await portal.person('olivia', 'operator'), '/planning/fleet')
  await other.getByText('This needs the role planner.').waitFor()
})
