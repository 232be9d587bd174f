import { describe, expect, test } from 'vitest'
import { portalUnderTest, testEveryScreen } from '../../../test/support/portal.ts'
import { applicationId } from '../../../test/support/profile-fixtures.ts'

const portal = portalUnderTest()
const { open } = portal
const application = `/applications/${applicationId}`
const dartford = '8814f871-fd3c-574e-9704-0e81a0d63b57'

describe('an application', () => {
  test('waits in the inbox and opens with its assessment, the kind of day first that does not fit', async () => {
    const page = await open('/applications')
    await page.getByRole('link', { name: 'Dartford, version 2' }).click()
    await page.getByText('22.0 kW more than Dartford 415 V can carry').waitFor()
    const chart = page.getByRole('img', { name: /^Does not fit in 6 of 48 half-hours; worst at 16:30/ })
    await chart.waitFor()
    await page.getByText('Table', { exact: true }).click()
    const rows = page.getByRole('region', { name: 'Assessment by half-hour' }).getByRole('row')
    await expect.poll(() => rows.count()).toBe(49)
    expect(await rows.nth(34).textContent()).toMatch(/^16:30 190\.0 155\.0 168\.0Does not fit 22\.0Dartford 415 V$/)
  })
  test('is approved in two steps, over the revision that was read', async () => {
    const page = await open(application)
    await page.getByRole('button', { name: 'Approve' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('The assessment says that it does not fit.').waitFor()
    await dialog.getByLabel('End or shorten approved versions that it overlaps').check()
    await dialog.getByRole('button', { name: 'Approve' }).click()
    await expect
      .poll(() => portal.server.written[0])
      .toMatchObject({
        path: `/api/profiles/${applicationId}/approval`,
        body: { supersede: true },
      })
  })
  test('is rejected only with a reason', async () => {
    const page = await open(application)
    await page.getByRole('button', { name: 'Reject' }).click()
    const dialog = page.getByRole('dialog')
    expect(await dialog.getByRole('button', { name: 'Reject' }).isDisabled()).toBe(true)
    await dialog.getByLabel('Reason').fill('No room in the evening')
    await dialog.getByRole('button', { name: 'Reject' }).click()
    await expect.poll(() => portal.server.written[0]?.body).toEqual({ reason: 'No room in the evening' })
  })
  test('is made for a connection from the profile that holds now, step by step', async () => {
    const page = await open(`/connections/${dartford}/apply`)
    await page.getByLabel('Weekdays, step 2: limit, kW').fill('abc')
    await page.getByRole('button', { name: 'Apply', exact: true }).click()
    await page.getByText('The step from 16:00 needs a limit of 0 kW or more.').waitFor()
    expect(portal.server.written).toEqual([])
    await page.getByLabel('Weekdays, step 2: limit, kW').fill('160')
    await page.getByLabel('Limit after expiry').fill('150')
    await page.getByRole('button', { name: 'Apply', exact: true }).click()
    await page.getByRole('heading', { name: 'Dartford, version 2' }).waitFor()
    expect(portal.server.written[0]).toMatchObject({
      path: `/api/connections/${dartford}/profiles`,
      body: {
        fallbackLimitW: 150_000,
        limits: {
          weekday: [{ from: '00:00', limitW: 180_000 }, { from: '16:00', limitW: 160_000 }, { from: '20:00' }],
        },
      },
    })
  })
  test('shows in a preview what the limits do on a day on which the clock changes', async () => {
    const page = await open(`${application}/edit`)
    await page.getByRole('img', { name: /^48 half-hours, between 180\.0.kW and 190\.0.kW\.$/ }).waitFor()
    await page.locator('input[type="date"][aria-hidden]').fill('2026-10-25', { force: true })
    await page.getByText('50 half-hours, between 200.0 kW and 200.0 kW. The clock changes on this day.').waitFor()
  })
})

describe('the network', () => {
  test('is searched by name', async () => {
    const page = await open('/network')
    await page.getByLabel('Search nodes').fill('camden')
    await expect.poll(() => page.getByRole('region', { name: 'Nodes' }).getByRole('row').count()).toBe(3)
    await page.getByRole('link', { name: 'Camden 415 V' }).click()
    await page.getByRole('heading', { name: 'Camden 415 V' }).waitFor()
    expect(await page.getByRole('link', { name: 'West Ham GSP' }).count()).toBe(1)
  })
  test('tells the least headroom of a node’s day', async () => {
    const page = await open('/network/lpn-city-road-bsp?day=2026-01-15')
    await page.getByRole('img', { name: /^At least 34\.17.MW can still be agreed/ }).waitFor()
  })
  test('shows the expected load against the target level, and sets the level', async () => {
    const page = await open('/network/lpn-city-road-bsp?day=2026-01-15')
    await page
      .getByRole('img', { name: /^Expected to peak at 13\d\.\d\d.MW at 20:00, .+ over the target level/ })
      .waitFor()
    await page.getByRole('textbox', { name: 'Target level' }).fill('130000')
    await page.getByRole('button', { name: 'Set', exact: true }).click()
    await expect
      .poll(() => portal.server.written[0])
      .toMatchObject({
        path: '/api/target-levels/lpn-city-road-bsp',
        body: { targetW: 130_000_000 },
      })
  })
  test('takes a file only after a check without flaws', async () => {
    const page = await open('/network-import')
    const importButton = page.getByRole('button', { name: /^Import/ })
    const file = (content: string) => ({ name: 'network.csv', mimeType: 'text/csv', buffer: Buffer.from(content) })
    await page.getByLabel('Network file').setInputFiles(file('nodeId\nflawed\nflawed\n'))
    await page.getByRole('button', { name: 'Check' }).click()
    await page.getByText('1 flaw in 2 rows: nothing was stored').waitFor()
    expect(await importButton.isDisabled()).toBe(true)
    await page.getByLabel('Network file').setInputFiles(file('nodeId\na\nb\nc\n'))
    await page.getByRole('button', { name: 'Check' }).click()
    await page.getByText('3 rows checked without a flaw').waitFor()
    await page.getByRole('button', { name: 'Import: 3 new nodes, 0 changed' }).click()
    await page.getByText('3 rows imported').waitFor()
  })
})

describe('compliance by month', () => {
  test('has the connections first that were over their limits, and another month by choice', async () => {
    const page = await open('/compliance')
    const rows = page.getByRole('region', { name: 'Compliance by connection' }).getByRole('row')
    await expect.poll(() => rows.nth(1).textContent()).toMatch(/^Dartford41/)
    await page.getByRole('img', { name: /over it for 50.min on 2 days; not known for/ }).waitFor()
    await page.getByLabel('Month').fill('2025-11')
    await page.getByText('Compliance in November 2025').waitFor()
  })
})

describe('feeds', () => {
  test('show what could not be taken, whole', async () => {
    const page = await open('/feeds')
    await page.getByRole('row', { name: /^Tariffs Silent/ }).click()
    await page.getByText('kwh: expected a number, got a string').waitFor()
    await page.getByText('"kwh": "3,2"').waitFor()
  })
})

describe('every screen of the grid', () => {
  testEveryScreen(portal, [
    ['/compliance', 'Connections', 'Highest half-hour kW'],
    ['/feeds?feed=tariffs', 'Feeds', 'Last good record'],
    ['/applications', 'Applications', 'Dartford, version 2'],
    [application, 'Dartford, version 2', 'Nodes up the tree'],
    [`${application}/edit`, 'Amend Dartford, version 2', 'Add a step'],
    ['/network', 'Network', 'Camden 415 V'],
    ['/network/lpn-city-road-bsp', 'City Road BSP', 'Fed from here'],
    ['/network-import', 'Import a network', 'No file has been uploaded yet.'],
  ])
})
