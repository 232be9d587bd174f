import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { dispatchScheduleValues } from '../../schemas/market/schedules.ts'
import { portalUnderTest, testEveryScreen } from '../test/support/portal.ts'

const portal = portalUnderTest()
const { open } = portal

const dartford = '/connections/8814f871-fd3c-574e-9704-0e81a0d63b57'
const islingtonUnit = '00000000-0000-4000-8000-000200000000'

describe('logging in', () => {
  test('leads to the page that was asked for', async () => {
    const page = await open('/hubs', { loggedIn: false })
    await page.getByLabel('User name').fill('engineer')
    await page.getByLabel('Password', { exact: true }).fill('flexible')
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('heading', { name: 'Hubs' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/hubs')
  })
  test('says what is wrong when it is refused', async () => {
    const page = await open('/log-in', { loggedIn: false })
    await page.getByLabel('User name').fill('engineer')
    await page.getByLabel('Password', { exact: true }).fill('wrong')
    await page.getByRole('button', { name: 'Log in' }).click()
    expect(await page.getByRole('alert').textContent()).toContain('The user name or the password is wrong')
  })
  test('takes one click with a demo account, and does not follow an address elsewhere', async () => {
    const page = await open('/log-in?next=//elsewhere.example/', { loggedIn: false })
    await page.getByRole('button', { name: /Oli Operator/ }).click()
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    expect(page.url()).toBe(`${portal.server.url}/`)
  })
  test('is asked for again after logging out', async () => {
    const page = await open('/')
    await page.getByRole('button', { name: /account of/ }).click()
    await page.getByRole('menuitem', { name: 'Log out' }).click()
    await page.getByRole('button', { name: 'Log in' }).waitFor()
  })
})

describe('the overview', () => {
  test('lists the nine sites, those that need someone first', async () => {
    const page = await open('/')
    const rows = page.getByRole('region', { name: 'Sites' }).getByRole('row')
    await expect.poll(() => rows.count()).toBe(10)
    expect(await rows.nth(1).textContent()).toMatch(/^DartfordOver limit162\.4kW/)
    expect(await rows.nth(2).textContent()).toMatch(/^CamdenNot known.+Offline/)
    expect(await page.getByRole('alert').textContent()).toContain('Dartford is over its limit')
    expect(await page.getByRole('link', { name: 'Open alarms' }).textContent()).toBe('Open alarms: 1 high1 medium1 low')
  })
  test('follows the news without a reload, and is calm when all is well', async () => {
    const page = await open('/')
    await page.getByText('Dartford is over its limit').waitFor()
    portal.server.calm = true
    portal.server.announce('telemetry')
    await page.getByText('All 9 sites are within their limits. No alarm is open.').waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
  })
  test('leads to a connection with one click', async () => {
    const page = await open('/')
    await page.getByRole('link', { name: 'Dartford' }).click()
    await page.getByRole('heading', { name: 'Dartford' }).waitFor()
  })
})

describe('a connection', () => {
  test('NM01 shows limit and load on one chart, told in a line, and the latest readings with quality and time', async () => {
    const page = await open(dartford)
    const chart = page.getByRole('img', { name: /^Import peaked at/ })
    await chart.waitFor()
    expect(await chart.getAttribute('aria-label')).toContain('a breach from 17:24, still going')
    expect(await inkOf(page)).toBeGreaterThan(0.02)
    const readings = page.getByRole('region', { name: 'Latest readings' }).last()
    expect(await readings.getByRole('row').nth(3).textContent()).toMatch(/^1L1Active power21\.4kW/)
    expect(await readings.getByText('questionable').count()).toBe(1)
  })
  test('has the same day as a table of quarter-hours', async () => {
    const page = await open(`${dartford}?view=table`)
    const rows = page.getByRole('region', { name: 'Import by quarter-hour' }).getByRole('row')
    await expect.poll(() => rows.count()).toBe(97)
    expect(await rows.nth(1).textContent()).toMatch(/^00:00150\.0/)
  })
  test('goes a day back, and back again with the browser', async () => {
    const page = await open(`${dartford}?day=2026-01-14`)
    await page.getByRole('heading', { name: 'Import on Wed 14 Jan 2026' }).waitFor()
    await page.getByRole('button', { name: 'Day before' }).click()
    await page.getByRole('heading', { name: 'Import on Tue 13 Jan 2026' }).waitFor()
    expect(new URL(page.url()).search).toContain('2026-01-13')
  })
  test('that does not exist is a problem in words', async () => {
    const page = await open('/connections/none')
    await expect.poll(() => page.getByRole('alert').textContent()).toContain('There is no connection none.')
  })
})

/** Share of the chart's pixels that are drawn on. */
async function inkOf(page: Page): Promise<number> {
  return page.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
    const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? []
    let drawn = 0
    for (let i = 3; i < data.length; i += 4) if ((data[i] ?? 0) > 0) drawn++
    return drawn / (data.length / 4)
  })
}

describe('alarms', () => {
  test('are acknowledged with one click', async () => {
    const page = await open('/alarms')
    await page.getByRole('button', { name: /^Acknowledge: Import has been over/ }).click()
    await page.getByText('1 alarm not acknowledged').waitFor()
    expect(portal.server.written).toEqual([
      { method: 'POST', path: '/api/alarms/00000000-0000-4000-8000-000400000001/acknowledgement', body: null },
    ])
  })
  test('open beside the list, with what to do', async () => {
    const page = await open('/alarms')
    await page.getByRole('row', { name: /Camden/ }).press('Enter')
    await page.getByText('Check the modem’s signal').waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByRole('complementary').count()).toBe(0)
  })
})

describe('an alarm', () => {
  test('is shelved for some hours with a reason, and says until when', async () => {
    const page = await open('/alarms?alarm=00000000-0000-4000-8000-000400000001')
    await page.getByText('from medium, after 10 min').waitFor()
    expect(await page.getByRole('button', { name: 'Shelve' }).isDisabled()).toBe(true)
    await page.getByLabel('Reason for shelving').fill('Planned works')
    await page.getByLabel('Shelve for').selectOption('4')
    await page.getByRole('button', { name: 'Shelve' }).click()
    await page.getByText(/Put aside until 15 Jan 21:52 by engineer: Planned works/).waitFor()
    expect(portal.server.written[0]?.body).toMatchObject({ reason: 'Planned works' })
  })
})

describe('where alarms are sent to', () => {
  test('is a new target with an address that fits its kind, and what was given up is sent again', async () => {
    const page = await open('/alarm-targets')
    await page.getByRole('button', { name: 'Send again' }).click()
    await expect.poll(() => portal.server.written[0]?.path).toContain('/retry')
    await page.getByRole('button', { name: 'Add a target' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('On call')
    await dialog.getByLabel('By').selectOption('webhook')
    await dialog.getByLabel('Address').fill('oncall@dno.example')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByText('an http(s) URL for webhook').waitFor()
    await dialog.getByLabel('Address').fill('https://oncall.dno.example/hook')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect
      .poll(() => portal.server.written[1]?.body)
      .toEqual({
        name: 'On call',
        kind: 'webhook',
        address: 'https://oncall.dno.example/hook',
        fromPriority: 'high',
        active: true,
      })
  })
})

describe('an address that makes no sense', () => {
  test('opens the screen all the same', async () => {
    const page = await open('/alarms?show=nonsense&alarm=7')
    await page.getByText('2 alarms not acknowledged').waitFor()
  })
})

describe('the dispatch board', () => {
  test('shows what was asked, acknowledged and delivered, and why in the side panel', async () => {
    const page = await open('/dispatch')
    const cell = page.getByRole('gridcell', { name: /^Bexleyheath depot 18:00, 13\.0.kW asked, fsp did not answer/ })
    await cell.click()
    await page.getByText('No answer within 10 s, twice').waitFor()
    expect(new URL(page.url()).searchParams.get('at')).toBe('2026-01-15T18:00:00Z')
  })
  test('is moved in by arrow keys', async () => {
    const page = await open('/dispatch')
    await page.getByRole('gridcell', { name: /^Islington depot 16:00/ }).focus()
    for (const key of ['ArrowRight', 'ArrowDown', 'Enter']) await page.keyboard.press(key)
    await page.getByRole('heading', { name: 'Whitechapel depot, 16:15 to 16:30' }).waitFor()
  })
  test('FA08 saves a manual schedule as the next version over the one that was edited', async () => {
    const page = await open(`/dispatch?fu=${islingtonUnit}`)
    await page.getByRole('button', { name: 'Change the manual schedule' }).click()
    await page.getByLabel('Turn-down, kW').fill('30')
    await page.getByRole('button', { name: 'Save as version 2' }).click()
    await page.getByText('manual v2').first().waitFor()
    const [put] = portal.server.written
    expect(put?.path).toBe(`/api/dispatch-schedules/${islingtonUnit}/2026-01-15/manual`)
    const { values } = dispatchScheduleValues.parse(put?.body)
    expect(values.flatMap((value, i) => (value === null ? [] : [[i, value]]))).toEqual(
      [68, 69, 70, 71, 72, 73, 74, 75].map((i) => [i, 30_000]),
    )
  })
  test('FM15 shows the other’s version when somebody saved meanwhile, and keeps mine only on purpose', async () => {
    const page = await open(`/dispatch?fu=${islingtonUnit}&edit=true`)
    await page.getByLabel('Turn-down, kW').fill('30')
    const other = await open(`/dispatch?fu=${islingtonUnit}&edit=true`)
    await other.getByLabel('Turn-down, kW').fill('20')
    await other.getByRole('button', { name: 'Save as version 2' }).click()
    await other.getByText('manual v2').first().waitFor()
    await page.getByRole('button', { name: 'Save as version' }).click()
    await page.getByText('Flo Engineer saved version 2 meanwhile').waitFor()
    expect(await page.getByText('20.0 kW').count()).toBeGreaterThan(0)
    await page.getByRole('button', { name: 'Save mine as version 3' }).click()
    await page.getByText('manual v3').first().waitFor()
  })
  test('FA09 makes another schedule live', async () => {
    const page = await open('/dispatch?fu=00000000-0000-4000-8000-000200000003')
    await page.getByText('Manual v2', { exact: true }).click()
    await expect.poll(() => portal.server.written.at(-1)?.body).toEqual({ kind: 'manual' })
  })
})

describe('a hub', () => {
  test('FM27 says who polls it and by which map, which points that lacks, and that it is in quarantine', async () => {
    const page = await open('/hubs')
    await page.getByText('Mount Pleasant LV monitor').click()
    const panel = page.getByLabel('Details', { exact: true })
    await panel.getByText('gateway-1, of the pool north').waitFor()
    for (const text of ['visnet-hub', '24 values: g30:36, g30:37', '1 overflow of its buffer', 'until 15 Jan 18:05'])
      await panel.getByText(text, { exact: false }).waitFor()
  })
})

describe('the search', () => {
  test('opens by keyboard and leads to a site found by MPAN', async () => {
    const page = await open('/alarms')
    await page.getByRole('heading', { name: 'Alarms' }).waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Search' }).fill('328183')
    await page.getByRole('option', { name: /Dartford/ }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Dartford' }).waitFor()
  })
})

describe('every screen', () => {
  const screens = [
    ['/log-in', 'Ringmain', 'Oli Operator'],
    ['/', 'Overview', 'Mount Pleasant'],
    ['/connections', 'Connections', 'Mount Pleasant'],
    [dartford, 'Dartford', 'Temperature'],
    [`${dartford}?view=table`, 'Dartford', '23:45'],
    ['/hubs?hub=d82ad8fb-880a-5e08-b51f-597ee740fc38', 'Hubs', 'DNP3 exchange'],
    ['/alarms?alarm=00000000-0000-4000-8000-000400000001', 'Alarms', 'What to do'],
    ['/alarm-figures', 'Alarms', 'Camden LV monitor'],
    ['/alarm-targets', 'Alarms', 'mail.dno.example refuses connections'],
    [`/dispatch?fu=${islingtonUnit}`, 'Dispatch', 'Version 1, Flo Engineer'],
    [`/dispatch?fu=${islingtonUnit}&edit=true`, 'Dispatch', 'Save as version 2'],
  ] as const
  testEveryScreen(portal, screens)
})
