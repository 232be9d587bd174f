import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { depotMinute } from '../../fsp/history/tables.ts'
import { van } from '../../fsp/test/support/yard.ts'
import { depotAlarmOperations } from '../../schemas/fsp/alarms.ts'
import { depotOperations } from '../../schemas/fsp/depot-api.ts'
import { emergencyOperations } from '../../schemas/fsp/emergency.ts'
import { registerGroups } from '../../schemas/fsp/registers/index.ts'
import { screenFaults } from '../test/support/accessibility.ts'
import { type DepotPortal, startDepotPortal } from '../test/support/depot-portal.ts'
import { expectLoaded } from '../test/support/loading.ts'

let portal: DepotPortal

/** Noon on a Thursday, live, two vans that charge under a limit of 90 kW, on a site that draws 30 kW. */
beforeAll(async () => {
  portal = await startDepotPortal()
  const { controls, depotApi } = portal
  await depotApi(depotOperations.setControlMode, { body: { mode: 'live' } })
  controls.plugIn('yard-01', 1, van(1))
  controls.plugIn('yard-03', 2, van(2))
  await portal.pass(3)
  await portal.siteLoad(30_000)
  await portal.pass(2)
  // The same minutes of the day before, with 40 kW of the building alone.
  const minutes = await portal.db.select().from(depotMinute)
  await portal.db.insert(depotMinute).values(
    minutes.map((row) => ({
      ...row,
      at: row.at.minusSeconds(86_400),
      siteLoadW: 40_000,
      buildingW: 40_000,
      evLoadW: 0,
    })),
  )
}, 240_000)

async function expectGood(page: Page): Promise<void> {
  await expectLoaded(page)
  expect([page.url(), await screenFaults(page)]).toEqual([page.url(), []])
  const width = Number(await page.evaluate('document.documentElement.scrollWidth'))
  expect([page.url(), width <= 1280]).toEqual([page.url(), true])
}

test('somebody logs in with a password, is refused with a wrong one, comes to the page that was asked for, and logs out', async () => {
  const page = await portal.open('/depots/yard/sockets', 'stranger')
  await page.getByLabel('User name').fill('admin')
  await page.getByRole('textbox', { name: 'Password' }).fill('not the pass phrase')
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByText('The user name or the password is wrong.').waitFor()
  await page.getByRole('textbox', { name: 'Password' }).fill('a pass phrase of the rig')
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByRole('row', { name: /^yard-01, 1/ }).waitFor()
  await page.getByRole('button', { name: /account of/ }).click()
  await page.getByRole('menuitem', { name: 'Log out' }).click()
  await page.getByRole('button', { name: 'Log in' }).waitFor()
  await page.goto(`${portal.fsp.url}/portal/`)
  await page.getByLabel('User name').waitFor()
  await expectGood(page)
})

test('TDB06 TDB07 TDB08 TDB09 the overview and the depot’s page show load, limit, buffer, EV load and headroom', async () => {
  const page = await portal.open('/')
  await page.getByText('Every depot keeps its limit.').waitFor()
  const row = page.getByRole('row', { name: /^Yard/ })
  expect(await row.textContent()).toContain('90.0')
  await expectGood(page)
  await row.getByRole('link', { name: 'Yard' }).click()
  await page.getByRole('heading', { name: 'Yard', level: 1 }).waitFor()
  await page.getByText('The site keeps the limit in force, 90.0 kW').waitFor()
  const figures = async (term: string) =>
    page
      .locator('dl > div', { has: page.getByText(term, { exact: true }) })
      .first()
      .textContent()
  const { decision } = await portal.depotState()
  const kw = (powerW = 0) => `${(powerW / 1_000).toFixed(1)}\u00a0kW`
  expect(await figures('Capacity')).toBe(`Capacity${kw(90_000)}`)
  expect(await figures('EV load')).toBe(`EV load${kw(decision?.evLoadW ?? 0)}`)
  expect(await figures('Buffer')).toBe(`Buffer${kw(0)}`)
  expect(await figures('Headroom')).toBe(`Headroom${kw(decision?.headroomW)}`)
  expect(await figures('Depot load')).toContain('30.0')
  await expectGood(page)
})

test('TDB10 TDB11 TDB12 TDB13 the chart shows the day, another day, the average and what is expected, as a chart and as a table', async () => {
  const page = await portal.open('/depots/yard')
  const chart = page.getByRole('img', { name: /Demand was highest at 12:/ })
  await chart.waitFor()
  await page.getByRole('button', { name: 'Show as table' }).click()
  await page.getByRole('region', { name: 'Demand, headroom and capacity' }).getByRole('row').nth(1).waitFor()
  await page.getByRole('button', { name: 'Day after' }).click()
  // Of tomorrow's noon the same minutes of the day before are known.
  await page.getByRole('img', { name: /are expected at 12:00/ }).waitFor()
  expect(new URL(page.url()).searchParams.get('day')).toContain('2026-01-16')
  await page.getByRole('button', { name: 'Today' }).click()
  await page.getByRole('button', { name: 'Day before' }).click()
  const before = page.getByRole('img', { name: /Demand was highest at 12:0. with 40\.0.kW of 90\.0.kW/ })
  await before.waitFor()
  await page.getByLabel('What the chart shows').selectOption('Average weekday')
  await before.waitFor()
  await page.getByLabel('What the chart shows').selectOption('Average weekend')
  await page.getByText('Nothing was recorded').waitFor()
  await expectGood(page)
})

test('TDB01 TDB02 TDB03 TDB04 TDB05 the sockets stand below their controllers with status, vehicle, power, set point and four times', async () => {
  const page = await portal.open('/depots/yard/sockets')
  const region = page.getByRole('region', { name: 'Sockets: Site controller cpc-1' })
  const socket = await portal.socket('yard-01', 1)
  const registration = socket.vehicle?.registration ?? ''
  expect(registration).not.toBe('')
  const row = region.getByRole('row', { name: /^yard-01, 1 Charging/ })
  await row.waitFor()
  const cells = await row.getByRole('cell').allTextContents()
  const clock = (at: string | null = '') => at?.slice(11, 16)
  expect(cells).toEqual([
    'yard-01, 1',
    'Charging',
    clock(socket.statusAt),
    registration,
    clock(socket.vehicle?.authorisedAt),
    ((socket.powerW ?? 0) / 1_000).toFixed(1),
    clock(socket.powerAt),
    String(socket.setpointA),
    clock(socket.setpointAt),
  ])
  const idle = await region
    .getByRole('row', { name: /^yard-02, 1 Available/ })
    .getByRole('cell')
    .allTextContents()
  expect(idle[3]).toBe('–')
  await row.focus()
  await page.keyboard.press('Enter')
  const panel = page.getByRole('complementary', { name: 'Details' })
  await panel.getByText('Place in the order').waitFor()
  await panel.getByText('Nothing: it has all that it can use').waitFor()
  await expectGood(page)
  await page.keyboard.press('Escape')
  await expect.poll(() => panel.count()).toBe(0)
})

describe('optimisation control', () => {
  test('SET a switch is thrown after its consequence was read, and holds in the register', async () => {
    const page = await portal.open('/depots/yard/control')
    await page.getByRole('button', { name: 'Switch tariff off' }).click()
    await page.getByText('Charging is no longer moved out of expensive times.').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Switch tariff off' }).click()
    await page.getByRole('button', { name: 'Switch tariff on' }).waitFor()
    const { body } = await portal.depotApi(registerGroups.depotOptions.read, { params: { key: 'yard' } })
    expect(body.data).toMatchObject({ tariff: false, priority: true })
    await expectGood(page)
  })

  test('H23 the depot is switched off in two steps, with its identifier and a reason, and on again', async () => {
    const page = await portal.open('/depots/yard/control')
    await page.getByRole('button', { name: 'Switch off at once' }).click()
    const dialog = page.getByRole('dialog')
    // Six sockets at 6 A and 230 V.
    await dialog.getByText('6 sockets keep 6 A each, together at most 8.3 kW').waitFor()
    await dialog.getByRole('button', { name: 'Switch off at once' }).click()
    await dialog.getByText('Type yard.').waitFor()
    await dialog.getByText('State why; it is kept with the emergency.').waitFor()
    expect((await portal.depotState()).mode).toBe('live')
    await dialog.getByLabel('Identifier of the depot').fill('yard')
    await dialog.getByLabel('Reason').fill('Smoke in the switch room')
    await expectGood(page)
    await dialog.getByRole('button', { name: 'Switch off at once' }).click()
    await page.getByText('Optimisation is off; every socket keeps 6 A').waitFor()
    expect((await portal.depotState()).mode).toBe('off')
    await page.getByRole('button', { name: 'End the emergency off' }).click()
    await dialog.getByLabel('Identifier of the depot').fill('yard')
    await dialog.getByLabel('Reason').fill('Nothing was found')
    await dialog.getByRole('button', { name: 'End the emergency off' }).click()
    await page.getByText('Ended by admin').waitFor()
    expect((await portal.depotState()).mode).toBe('live')
    const { body } = await portal.depotApi(emergencyOperations.listEmergencies, {})
    expect(body).toMatchObject([{ reason: 'Smoke in the switch room', standingLimitA: 6 }])
  })

  test('a depot administrator may not switch the depot off, and reads why', async () => {
    const page = await portal.open('/depots/yard/control', await portal.account('depot-admin'))
    const button = page.getByRole('button', { name: 'Switch off at once' })
    await button.waitFor()
    expect([await button.isDisabled(), await button.getAttribute('title')]).toEqual([
      true,
      'This needs the role fleet administrator.',
    ])
    await page.getByRole('button', { name: 'Set to monitor' }).click()
    await page.getByText('None is sent. This holds for 6 sockets at Yard from now on.').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Set to monitor' }).click()
    await page.getByText('Optimisation: monitor').waitFor()
    await page.getByRole('button', { name: 'Set to live' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Set to live' }).click()
    await page.getByText('Optimisation: live').waitFor()
  })
})

test('H24 what runs for the depot is shown with when it last ran and what it made', async () => {
  const page = await portal.open('/depots/yard/processes')
  const row = page.getByRole('row', { name: /^Control cycle, yard Succeeded/ })
  await row.waitFor()
  expect(await row.textContent()).toContain('an hour')
  await expectGood(page)
})

test('H7 an alarm says what to do and who answers for it, and is acknowledged', async () => {
  const params = { depotId: 'yard', kind: 'emergency-off' as const }
  const { body: settings } = await portal.depotApi(depotAlarmOperations.listAlarmSettings)
  const { kind: _, isOwn: _own, ...setting } = settings.find(({ kind }: { kind: string }) => kind === 'emergency-off')
  const responsible = { name: 'Duty engineer', contact: '020 7946 0000' }
  await portal.depotApi(depotAlarmOperations.setAlarmSetting, { params, body: { ...setting, responsible } })
  await portal.pass(1)
  const off = { confirm: 'yard', reason: 'A drill', standingLimitA: 6 }
  expect((await portal.depotApi(emergencyOperations.switchOff, { body: off })).status).toBe(200)
  await portal.pass(3)
  const page = await portal.open('/alarms')
  await page.getByRole('row', { name: /^Red Emergency off yard/ }).click()
  const panel = page.getByRole('complementary', { name: 'Details' })
  await panel.getByText('020 7946 0000').waitFor()
  await expectGood(page)
  await panel.getByLabel('Note').fill('It is a drill')
  await panel.getByRole('button', { name: 'Acknowledge' }).click()
  await panel.getByText(/ by admin$/).waitFor()
  await portal.depotApi(emergencyOperations.switchOn, { body: { confirm: 'yard', reason: 'The drill is over' } })
  await portal.pass(3)
  await expect.poll(() => page.getByRole('row', { name: /Emergency off/ }).count(), { timeout: 40_000 }).toBe(0)
})

test('a charge point is tried, step by step before one’s eyes, and the evidence comes as PDF and CSV', async () => {
  const page = await portal.open('/depots/yard/commissioning')
  await page.getByLabel('Charge point').selectOption('yard-01')
  await page.getByRole('button', { name: 'Start the run' }).click()
  await page.getByText('1 socket of yard-01 gets set points of 32, 16, 8, 0, 18, 10 and 32 A').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Start the run' }).click()
  await page.getByText('It runs: 0 of').waitFor()
  await portal.pass(3)
  await page
    .getByRole('row', { name: /^Set point 32 A, socket 1 Passed/ })
    .first()
    .waitFor()
  await portal.pass(20)
  await page.getByText(/^\d+ of \d+ steps passed, 0 failed\.$/).waitFor()
  await expectGood(page)
  for (const [kind, head] of [
    ['PDF', '%PDF-'],
    ['CSV', 'number,connector,kind'],
  ] as const) {
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: `Download ${kind}` }).click(),
    ])
    expect((await readFile(await file.path(), 'latin1')).startsWith(head)).toBe(true)
  }
})

test('earnings, feeds and offers say so where there are none yet, and what is missing', async () => {
  const page = await portal.open('/earnings?month=2026-01')
  await page.getByText('What flexibility earned in January 2026').waitFor()
  await page.getByText('No tender has been answered yet.').waitFor()
  await expectGood(page)
  await page.getByRole('link', { name: 'Feeds' }).click()
  await page.getByText('No feed is registered.').waitFor()
  await expectGood(page)
})

test('an FSP that falls silent is told, and what was shown stays', async () => {
  const page = await portal.open('/')
  await page.getByRole('row', { name: /^Yard/ }).waitFor()
  await page.context().setOffline(true)
  await page.getByText('Not live, reconnecting').waitFor({ timeout: 40_000 })
  await page.getByRole('row', { name: /^Yard/ }).waitFor()
  await page.context().setOffline(false)
  await expect.poll(() => page.getByText('Not live, reconnecting').count(), { timeout: 40_000 }).toBe(0)
})
