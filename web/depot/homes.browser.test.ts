import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { admin, logIn } from '../../fsp/test/support/rig.ts'
import { startVans, unitOf, type Vans } from '../../fsp/test/support/vans.ts'
import { atEnd } from '../../test/support/cleanup.ts'
import { accessibilityFaults, screenFaults } from '../test/support/accessibility.ts'
import { launchBrowser, type TestBrowser } from '../test/support/browser.ts'
import { builtPortal } from '../test/support/build.ts'
import { watchedPage } from '../test/support/watched-page.ts'

let [browser, vans]: [TestBrowser?, Vans?] = []

/** An afternoon with two of three vans plugged in at their homes. */
beforeAll(async () => {
  browser = await launchBrowser()
  vans = await startVans(unitOf(3), '2026-01-14T15:00:00Z', atEnd, { portalFolder: await builtPortal('depot') })
  vans.plugIn(1)
  vans.plugIn(2)
  await vans.pass(5)
}, 240_000)

async function open(path: string) {
  if (!browser || !vans) throw new Error('the scene has not begun')
  const visitor = await browser.visit()
  const token = await logIn(vans.fsp().url, admin)
  await visitor.addInitScript(`sessionStorage.setItem('ringmain-session', '${token}')`)
  const page = await watchedPage(visitor)
  await page.goto(`${vans.fsp().url}/portal${path}`)
  return page
}

test('a company of homes sees its units, the vans of one, what it could offer, and how vans come and go', async () => {
  const page = await open('/')
  const row = page.getByRole('row', { name: /^vans B 2 of 3/ })
  await row.waitFor()
  expect(await page.getByRole('link', { name: 'Alarms' }).count()).toBe(0)
  expect(await screenFaults(page)).toEqual([])
  await row.getByRole('link', { name: 'vans' }).click()
  const plugged = page.getByRole('region', { name: 'Vans that are plugged in' }).getByRole('row')
  await expect.poll(() => plugged.count()).toBe(3)
  await page.getByText('No turn-down has been instructed yet.').waitFor()
  const bids = page.getByRole('region', { name: 'Bids' }).getByRole('row')
  // The prices of the unit: £50 and £150 a MWh.
  await bids.filter({ hasText: '50.00' }).first().waitFor()
  await page
    .getByRole('region', { name: 'By weekday' })
    .getByRole('row', { name: /^Wednesday/ })
    .waitFor()
  expect(await screenFaults(page)).toEqual([])
})

test('FB05 the DNO’s choice of a unit’s offer stands with the offers, and says why it was no more', async () => {
  if (!vans) throw new Error('the scene has not begun')
  const fuId = await vans.register(20_000)
  const period = {
    direction: 'turn-down' as const,
    offeredW: 20_000,
    chosenW: 0,
    priceGbpPerMwh: '225.00',
    because: 'price' as const,
    marginalPriceGbpPerMwh: 120,
  }
  const periods = ['17:00', '17:15'].map((time) => ({ ...period, from: `2026-01-14T${time}:00Z` }))
  const run = { runId: randomUUID(), fuId, tradingDay: '2026-01-14', product: 'B' as const }
  vans.dno.choices = [{ ...run, startedAt: '2026-01-14T15:10:00Z', periods }]
  await vans.pass(11)
  const page = await open('/earnings?month=2026-01')
  const row = page.getByRole('region', { name: 'Chosen of the offers' }).getByRole('row', { name: /^vans/ })
  await row.waitFor()
  const cells = await row.getByRole('cell').allTextContents()
  expect(cells.map((text) => text.replace(/\s/g, ' '))).toEqual([
    'vans',
    'B',
    '17:00 to 17:30',
    '20.0 kW',
    '0.0 kW',
    '£225.00',
    'Cheaper offers met what was needed. One more kW would have cost £120.00 a MWh.',
  ])
  expect(await screenFaults(page)).toEqual([])
})

test('the driver’s page fits into 400 px and is accessible by axe', async () => {
  if (!browser || !vans) throw new Error('the scene has not begun')
  const driver = await vans.driver(1)
  const visitor = await browser.visit({ viewport: { width: 400, height: 800 } })
  const page = await watchedPage(visitor)
  await page.goto(driver.url)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.getByRole('button').first().waitFor()
  expect(Number(await page.evaluate('document.documentElement.scrollWidth'))).toBeLessThanOrEqual(400)
  expect(await accessibilityFaults(page)).toEqual([])
})
