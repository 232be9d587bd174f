import { describe, expect, test } from 'vitest'
import { portalUnderTest, testEveryScreen } from '../../../test/support/portal.ts'

const portal = portalUnderTest()
const { open } = portal
const evaluated = '/market/tenders/00000000-0000-4000-8000-001000000001'
const secondFsp = '9c0f6a52-1f0e-4f5e-9b7d-57b9f2a3c411'

describe('a tender', () => {
  test('is drafted window by window, and a fault is told at its field', async () => {
    const page = await open('/market/new-tender')
    await page.getByLabel('Title').fill('City Road spring')
    await page.getByLabel('Zone').fill('lpn-city-road-bsp')
    await page.getByText('City Road BSP, bulk supply point').filter({ visible: true }).waitFor()
    await page.getByLabel('First day of service').fill('2026-04-01')
    await page.getByLabel('Last day of service').fill('2026-06-30')
    await page.getByLabel('Responses until').fill('2026-03-29T17:00')
    await page.getByLabel('Availability at most').fill('fifteen')
    await page.getByLabel('Utilisation at most').fill('350')
    await page.getByLabel('Turn-down needed, kW').fill('160')
    await page.getByRole('button', { name: 'Save the draft' }).click()
    await page.getByText('must be a price such as "95.50"').waitFor()
    expect(portal.server.written).toEqual([])
    await page.getByLabel('Availability at most').fill('15')
    await page.getByRole('button', { name: 'Save the draft' }).click()
    await page.getByRole('heading', { name: 'Whitechapel summer' }).waitFor()
    expect(portal.server.written[0]?.body).toMatchObject({
      // 17:00 local time on the day on which the clock goes forward.
      gateClosesAt: '2026-03-29T16:00:00Z',
      windows: [{ from: '16:00', to: '20:00', requiredW: 160_000 }],
    })
  })
  test('shows what the evaluation found, offer by offer', async () => {
    const page = await open(evaluated)
    await page.getByText('140.0 kW short on Sat, Sun 17:00 to 19:00; 4 offers selected').waitFor()
    const offers = page.getByRole('region', { name: 'Offers' })
    expect(await offers.getByRole('row', { name: /Bexleyheath/ }).textContent()).toContain('Above a ceiling price')
    expect(await page.getByText('Our homes are not in this zone.').count()).toBe(1)
  })
  test('is awarded in two steps, the first stating the consequence in figures', async () => {
    const page = await open(evaluated)
    await page.getByRole('button', { name: 'Award' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Makes 4 contracts with 1 FSP for up to 260.0 kW, costing at most £85.71 an hour').waitFor()
    expect(portal.server.written).toEqual([])
    await dialog.getByRole('button', { name: 'Award' }).click()
    await expect
      .poll(() => portal.server.written.map((w) => w.path))
      .toEqual(['/api/tenders/00000000-0000-4000-8000-001000000001/award'])
    await expect.poll(() => dialog.count()).toBe(0)
  })
})

describe('an application of an FSP', () => {
  test('is rejected only with a reason', async () => {
    const page = await open(`/market/fsps?fsp=${secondFsp}`)
    const reject = page.getByRole('button', { name: 'Reject' })
    await reject.waitFor()
    expect(await reject.isDisabled()).toBe(true)
    await page.getByLabel('Reason for a rejection').fill('No control API answers at the address.')
    await reject.click()
    await expect
      .poll(() => portal.server.written[0]?.body)
      .toEqual({
        decision: 'reject',
        reason: 'No control API answers at the address.',
      })
  })
})

describe('an FSP', () => {
  test('FB08 gets its instructions by e-mail while its control API does not work', async () => {
    const page = await open('/market/fsps?fsp=6f1c2c3e-97b5-4c0a-9d55-2d7f1c6f2a10')
    await page.getByLabel('Instructions go').selectOption('email')
    await page.getByLabel('E-mail for instructions').fill('desk@depotflex.example')
    await page.getByRole('button', { name: 'Change' }).click()
    await expect.poll(() => portal.server.written[0]?.body).toEqual({ route: 'email', email: 'desk@depotflex.example' })
  })
})

describe('every screen of the market', () => {
  testEveryScreen(portal, [
    ['/market', 'Market', 'City Road winter peak'],
    [evaluated, 'City Road winter peak', 'Battery Barn plc'],
    ['/market/new-tender', 'Draft a tender', 'Windows'],
    ['/market/contracts', 'Market', 'Islington depot'],
    ['/market/units?fu=00000000-0000-4000-8000-000200000000', 'Market', 'uploaded, else from the hub of the site'],
    [`/market/fsps?fsp=${secondFsp}`, 'Market', 'Reason for a rejection'],
  ])
})
