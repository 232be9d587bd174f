import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../schemas/operations.ts'
import type { Client } from '../../test/support/client.ts'
import { calmDown, type EveningScene, startEvening } from '../test/support/evening.ts'
import { expectGoodScreens } from '../test/support/portal.ts'

let scene: EveningScene
let operator: Client
let dartford: string

beforeAll(async () => {
  scene = await startEvening()
  operator = await scene.seeded('operator')
  dartford = `/connections/${scene.depot('Dartford').connectionId}`
}, 180_000)

const open = (path: string, who: Client | 'stranger' = operator) => scene.open(who, path)

async function alarmOf(name: RegExp): Promise<string> {
  const { items } = (await operator.ask(operations.listAlarms, { query: { state: 'all' } })).body
  return items.find((alarm: { state: string; message: string }) => alarm.state !== 'closed' && name.test(alarm.message))
    .alarmId
}

describe('logging in', () => {
  test('leads to the page that was asked for', async () => {
    const page = await open('/hubs', 'stranger')
    await page.waitForURL(/interaction=/)
    await page.getByLabel('User name').fill('operator')
    await page.getByLabel('Password', { exact: true }).fill('demo-operator')
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('heading', { name: 'Hubs' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/hubs')
  })
  test('says what is wrong when it is refused', async () => {
    const page = await open('/log-in', 'stranger')
    await page.getByLabel('User name').fill('operator')
    await page.getByLabel('Password', { exact: true }).fill('wrong')
    await page.getByRole('button', { name: 'Log in' }).click()
    expect(await page.getByRole('alert').textContent()).toContain('The user name or the password is wrong')
  })
  test('takes one click with a demo account, and does not follow an address elsewhere', async () => {
    const page = await open('/log-in?next=//elsewhere.example/', 'stranger')
    await page.waitForURL(/interaction=/)
    await page.getByRole('button', { name: /Grace Okoro/ }).click()
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    expect(page.url()).toBe(`${scene.url}/`)
  })
  test('is asked for again after logging out', async () => {
    const page = await open('/', await scene.seeded('operator'))
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
  test('leads to a connection with one click', async () => {
    const page = await open('/')
    await page.getByRole('link', { name: 'Dartford' }).click()
    await page.getByRole('heading', { name: 'Dartford' }).waitFor()
  })
})

describe('a connection', () => {
  test('NM01 shows limit and load on one chart, told in a line, and the latest readings with quality and time', async () => {
    const page = await open(dartford)
    const chart = page.getByRole('img', { name: /^Import peaked at 162\.4/ })
    await chart.waitFor()
    expect(await chart.getAttribute('aria-label')).toContain('a breach from 17:25, ongoing')
    expect(await inkOf(page)).toBeGreaterThan(0.01)
    const readings = page.getByRole('region', { name: 'Latest readings' }).last()
    await readings.getByRole('row', { name: /^1\s*L1\s*Active power\s*[67]\.\d\s*kW/ }).waitFor()
    expect(await readings.getByText('questionable').count()).toBe(1)
  })
  test('has the same day as a table of quarter-hours', async () => {
    const page = await open(`${dartford}?view=table`)
    const rows = page.getByRole('region', { name: 'Import by quarter-hour' }).getByRole('row')
    await expect.poll(() => rows.count()).toBe(97)
    expect(await rows.nth(1).textContent()).toMatch(/^00:00150\.0/)
  })
  test('goes a day back, and the address with it', async () => {
    const page = await open(`${dartford}?day=2026-01-14`)
    await page.getByRole('heading', { name: 'Import on Wed 14 Jan 2026' }).waitFor()
    await page.getByRole('button', { name: 'Day before' }).click()
    await page.getByRole('heading', { name: 'Import on Tue 13 Jan 2026' }).waitFor()
    expect(new URL(page.url()).search).toContain('2026-01-13')
  })
  test('that does not exist is a problem in words', async () => {
    const none = '00000000-0000-4000-8000-000000000000'
    const page = await open(`/connections/${none}`)
    await expect.poll(() => page.getByRole('alert').textContent()).toContain(`There is no connection ${none}.`)
  })
})

/** Share of the chart's pixels that are drawn on. */
async function inkOf(page: Page): Promise<number> {
  const drawn = `(() => {
    const canvas = document.querySelector('canvas')
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
    return data.filter((value, i) => i % 4 === 3 && value > 0).length / (data.length / 4)
  })()`
  return Number(await page.evaluate(drawn))
}

describe('compliance by month', () => {
  test('has the connections first that were over their limits, and another month by choice', async () => {
    const page = await open('/compliance')
    const rows = page.getByRole('region', { name: 'Compliance by connection' }).getByRole('row')
    await expect.poll(() => rows.nth(1).textContent()).toMatch(/^Dartford2/)
    await page.getByRole('img', { name: /over it for \d+.min on 2 days; not known for/ }).waitFor()
    await page.getByLabel('Month').fill('2025-11')
    await page.getByText('Compliance in November 2025').waitFor()
  })
})

describe('the report of a day', () => {
  test('is reached from the overview, is of yesterday at first, and of another day by choice', async () => {
    const page = await open('/')
    await page.getByRole('link', { name: 'Yesterday’s report' }).click()
    await page.getByText('Worth, by what is known').waitFor()
    await page.getByRole('region', { name: 'Dispatch by product' }).getByRole('row', { name: /^A/ }).waitFor()
    await page.getByLabel('Day', { exact: true }).fill('2026-01-05')
    await page.getByText('Mon 5 Jan 2026').waitFor()
    await page.getByText('No limit was exceeded.').waitFor()
  })
})

describe('an address that makes no sense', () => {
  test('opens the screen all the same', async () => {
    const page = await open('/alarms?show=nonsense&alarm=7')
    await page.getByText('2 alarms not acknowledged').waitFor()
  })
})

describe('a hub', () => {
  test('FM27 says who polls it and by which map, which points that lacks, and that it is in quarantine', async () => {
    const page = await open('/hubs')
    await page.getByText('Victoria hub').click()
    const panel = page.getByLabel('Details', { exact: true })
    await panel.getByText('gateway-1, of the pool north').waitFor()
    for (const text of ['24 values: g30:36, g30:37', '1 overflow of its buffer', 'until 15 Jan 18:05'])
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

describe('every screen of the grid in the evening', () => {
  test('is accessible by axe in light and dark, and fits into 400 px', { timeout: 120_000 }, async () => {
    await expectGoodScreens(await open('/log-in', 'stranger'), [['/log-in', 'Ringmain', 'Grace Okoro']])
    await expectGoodScreens(await open('/'), [
      ['/', 'Overview', 'Mount Pleasant'],
      ['/connections', 'Connections', 'Mount Pleasant'],
      [dartford, 'Dartford', 'Temperature'],
      [`${dartford}?view=table`, 'Dartford', '23:45'],
      ['/compliance', 'Connections', 'Highest half-hour kW'],
      ['/daily-report', 'Daily report', 'Alarms standing now'],
      [`/hubs?hub=${scene.depot('Victoria').hubId}`, 'Hubs', 'DNP3 exchange'],
      [`/alarms?alarm=${await alarmOf(/Dartford/)}`, 'Alarms', 'What to do'],
      ['/alarm-figures', 'Alarms', 'Camden substation hub'],
      ['/alarm-targets', 'Alarms', 'no mail server is set'],
    ])
  })
})

describe('alarms', () => {
  test('open beside the list, with what to do', async () => {
    const page = await open('/alarms')
    await page.getByRole('row', { name: /Camden/ }).press('Enter')
    await page.getByText('Check the hub, its line and its gateway').waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByRole('complementary').count()).toBe(0)
  })
  test('are acknowledged with one click', async () => {
    const page = await open('/alarms')
    await page.getByRole('button', { name: /^Acknowledge: Dartford imports/ }).click()
    await page.getByText('1 alarm not acknowledged').waitFor()
    const { items } = (await operator.ask(operations.listAlarms)).body
    expect(items.find((alarm: { kind: string }) => alarm.kind === 'limit-breach')).toMatchObject({
      state: 'acknowledged',
      acknowledgedBy: 'operator',
    })
  })
})

describe('an alarm', () => {
  test('is shelved for some hours with a reason, and says until when', async () => {
    const page = await open(`/alarms?alarm=${await alarmOf(/Camden/)}`)
    await page.getByText('raised', { exact: false }).first().waitFor()
    expect(await page.getByRole('button', { name: 'Shelve' }).isDisabled()).toBe(true)
    await page.getByLabel('Reason for shelving').fill('Planned works')
    await page.getByLabel('Shelve for').selectOption('4')
    await page.getByRole('button', { name: 'Shelve' }).click()
    await page.getByText('Shelved', { exact: true }).click()
    await page.getByRole('row', { name: /Camden/ }).click()
    await page.getByText(/Shelved until 15 Jan 21:52 by operator: Planned works/).waitFor()
    expect((await operator.ask(operations.listAlarms, { query: { state: 'shelved' } })).body.items).toMatchObject([
      { shelfReason: 'Planned works' },
    ])
  })
})

describe('an alarm out of service', () => {
  test('leaves the open ones with a reason, and is put back', async () => {
    const page = await open(`/alarms?alarm=${await alarmOf(/Dartford/)}`)
    await page.getByLabel('Reason for taking it out of service').fill('Feeder replaced')
    await page.getByRole('button', { name: 'Take out of service' }).click()
    await page.getByText('Out of service', { exact: true }).click()
    await page.getByRole('row', { name: /Dartford/ }).click()
    await page.getByText(/Out of service since .* by operator: Feeder replaced/).waitFor()
    const out = async () =>
      (await operator.ask(operations.listAlarms, { query: { state: 'out-of-service' } })).body.items.length
    expect(await out()).toBe(1)
    await page.getByRole('button', { name: 'Put back in service' }).click()
    await expect.poll(out).toBe(0)
  })
})

describe('where alarms are sent to', () => {
  test('is a new target with an address that fits its kind, and what was given up is sent again', async () => {
    const administrator = await scene.seeded('admin')
    const notices = async () => (await administrator.ask(operations.listAlarmNotices)).body as { state: string }[]
    const dead = (await notices()).filter(({ state }) => state === 'dead').length
    expect(dead).toBeGreaterThan(0)
    const page = await open('/alarm-targets', administrator)
    await page.getByRole('button', { name: 'Send again' }).first().click()
    await expect.poll(async () => (await notices()).filter(({ state }) => state === 'dead').length).toBe(dead - 1)
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
      .poll(async () => (await administrator.ask(operations.listAlarmTargets)).body)
      .toContainEqual({
        targetId: expect.any(String),
        name: 'On call',
        kind: 'webhook',
        address: 'https://oncall.dno.example/hook',
        fromPriority: 'high',
        active: true,
      })
  })
})

describe('an open overview', () => {
  test('follows the news without a reload, and is calm when all is well', { timeout: 60_000 }, async () => {
    const page = await open('/')
    await page.getByText('Dartford is over its limit').waitFor()
    await calmDown(scene)
    await page.getByText('All 9 sites are within their limits. No alarm is open.').waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
  })
})
