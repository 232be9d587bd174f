import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../../../../schemas/operations.ts'
import type { Client } from '../../../../../test/support/client.ts'
import { approveWaiting, moveStatement } from '../../../../../test/support/second-person.ts'
import { expectGoodScreens } from '../../../../test/support/portal.ts'
import { eventDay, type SettlementScene, startSettlement } from '../../../../test/support/settlement.ts'

let scene: SettlementScene
/** Settlement people of the DNO, and a person of the FSP. */
let [clerk, second, hannah] = [null, null, null] as unknown as [Client, Client, Client]
let [path, fuId] = ['', '']

beforeAll(async () => {
  scene = await startSettlement()
  clerk = await scene.seeded('settlement')
  second = await scene.seeded('settlement2')
  hannah = await scene.account({
    username: 'hannah',
    fullName: 'Hannah',
    roles: ['fsp-user'],
    fspId: scene.fsp.fspId,
  })
  const { statementId } = scene.statement
  for (const [who, event] of [
    [clerk, 'check'],
    [second, 'approve'],
    [clerk, 'issue'],
  ] as const)
    expect((await moveStatement(who, statementId, event)).status).toBe(200)
  fuId = scene.fsp.fuOf('Islington')
  path = `/metering/${fuId}`
}, 180_000)

const meters = async () => (await clerk.ask(operations.listUnitMeters, { params: { id: fuId } })).body.items

/** A file of a day’s readings of 12 kWh, as an FSP’s people would have it. */
const fileOf = (day: string, rows = 96) => {
  const lines = Array.from({ length: rows }, (_, i) => {
    const at = new Date(Date.parse(`${day}T00:00Z`) + i * 900_000).toISOString()
    return `${at},12000,measured`
  })
  return {
    name: 'readings.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(`${['at,energy_wh,quality', ...lines].join('\n')}\n`),
  }
}

describe('settlement people', () => {
  test('see a day of an FU against its baseline, as a chart and by quarter-hour', async () => {
    const page = await scene.open(clerk, '/metering?month=2026-01')
    await page.getByRole('row', { name: /^Islington depot/ }).click()
    await page.getByRole('link', { name: 'Meter data of the FU' }).click()
    await page.getByRole('heading', { name: 'Islington depot', level: 1 }).waitFor()
    // Yesterday, at first; the day of the event by its address.
    await page.getByRole('img', { name: 'Nothing of this day is metered.' }).waitFor()
    await page.goto(`${scene.url}${path}?day=${eventDay}`)
    // By hand: 92 quarter-hours of 12 kWh and 4 of 2 kWh; 96 of 12 kWh were expected.
    const summary = 'Metered 1.112\u00a0MWh; baseline of the same quarter-hours 1.152\u00a0MWh.'
    await page.getByRole('img', { name: summary }).waitFor()
    await page.getByText(/^The baseline averages 31 Dec/).waitFor()
    await page.getByText('Table', { exact: true }).click()
    await page.getByRole('row', { name: /^17:00 2\.00 8\.0 12\.00 10\.00 uploaded by the FSP/ }).waitFor()
    await page.getByLabel('Baseline').selectOption('zero')
    await page.getByRole('row', { name: /^17:00 2\.00 8\.0 0\.00 −2\.00/ }).waitFor()
    expect(new URL(page.url()).searchParams.get('method')).toBe('zero')
  })

  test('see what is missing of the last days, and how reliable the FU was by issued statements', async () => {
    const page = await scene.open(clerk, path)
    // By hand: of 31 days to 1 February one is metered.
    await page.getByText('2,880 quarter-hours on 30 days are not metered.').waitFor()
    await page.getByRole('link', { name: '3 Jan to 1 Feb 2026' }).click()
    expect(new URL(page.url()).searchParams.get('day')).toBe('2026-01-03')
    // 40 kW in four quarter-hours, all of it delivered.
    const all = /^100\.0.%: 40\.0.kWh delivered of 40\.0.kWh instructed, in the latest 4 settled quarter-hours/
    await page.getByText(all).waitFor()
    await page
      .getByRole('row', { name: new RegExp(`^2 Jan 17:45 10\\.00 10\\.00 ${scene.statement.number}`) })
      .waitFor()
    await page.goto(`${scene.url}/metering/${scene.fsp.fuOf('Dartford')}`)
    await page.getByText(/^25\.0.%: 10\.0.kWh delivered of 40\.0.kWh/).waitFor()
  })

  test('download every reading behind it', async () => {
    const page = await scene.open(clerk, `${path}?day=${eventDay}`)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Readings as CSV' }).click(),
    ])
    const [heading, ...rows] = (await readFile(await download.path(), 'utf8')).trim().split(/\r?\n/)
    expect(heading).toBe('at,minutes,meter_id,der_id,source,revision,energy_wh,quality,received_at')
    // From 12 December on, 22 days.
    expect(rows).toHaveLength(22 * 96)
  })

  test('propose the last day of a meter, which a second person approves', async () => {
    const page = await scene.open(clerk, path)
    await page.getByRole('row', { name: /^m1 the FU/ }).click()
    const panel = page.getByRole('complementary', { name: 'Details' })
    await panel.getByLabel('First day without it').fill('2025-01-01')
    await panel.getByRole('button', { name: 'Propose' }).click()
    await panel.getByText('It cannot lie before the first day.').waitFor()
    await panel.getByLabel('First day without it').fill('2026-01-20')
    await panel.getByRole('button', { name: 'Propose' }).click()
    await panel.getByText('Waiting for a second person').waitFor()
    expect(await meters()).toMatchObject([{ meterId: 'm1', until: null }])
    await approveWaiting(second, `${fuId} m1`)
    await page.getByRole('row', { name: /^m1 the FU .*Tue 20 Jan 2026/ }).waitFor()
    expect(await meters()).toMatchObject([{ meterId: 'm1', from: '2025-12-12', until: '2026-01-20' }])
  })
})

describe('a person of the FSP', () => {
  test('uploads a file of readings, which then count', async () => {
    const page = await scene.open(hannah, path)
    await page.getByText('2,880 quarter-hours on 30 days are not metered.').waitFor()
    await page.getByRole('button', { name: 'Upload' }).click()
    await page.getByText('Choose a file.').waitFor()
    await page.getByText('Name the meter.').waitFor()
    await page
      .getByLabel('File of readings')
      .setInputFiles({ ...fileOf('2026-01-03'), buffer: Buffer.from('at\nnoon\n') })
    await page.getByLabel('Meter', { exact: true }).fill('m1')
    await page.getByRole('button', { name: 'Upload' }).click()
    await page
      .getByRole('alert')
      .filter({ hasText: /energy_wh/ })
      .first()
      .waitFor()
    await page.getByLabel('File of readings').setInputFiles(fileOf('2026-01-03'))
    await page.getByRole('button', { name: 'Upload' }).click()
    await page.getByText('96 readings stored, 0 unchanged').waitFor()
    await page.getByText('2,784 quarter-hours on 29 days are not metered.').waitFor()
  })

  test('states a meter of its own from today on, and nothing of what is past', async () => {
    const page = await scene.open(hannah, path)
    await page.getByRole('button', { name: 'State another meter' }).click()
    const panel = page.getByRole('complementary', { name: 'Details' })
    await panel.getByLabel('Meter', { exact: true }).fill('yard')
    await panel.getByLabel('It meters').selectOption('Islington depot chargers')
    await panel.getByLabel('First day', { exact: true }).fill('2026-01-01')
    await panel.getByRole('button', { name: 'Save' }).click()
    await panel.getByText(/is in the past: state 2026-02-02 or later, or ask the DNO/).waitFor()
    await panel.getByLabel('First day', { exact: true }).fill('2026-02-03')
    await panel.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('row', { name: /^yard Islington depot chargers Tue 3 Feb 2026 no end/ }).waitFor()
    expect((await meters()).find((each: { meterId: string }) => each.meterId === 'yard')).toMatchObject({
      from: '2026-02-03',
      until: null,
    })
  })

  test('sees another FSP’s FU nowhere', async () => {
    const page = await scene.open(hannah, '/metering/1f0c1d1e-6f0e-4b7e-9a53-0d6a1f3c2b10')
    await page.getByText('There is no such FU.').waitFor()
  })
})

describe('the meter data of an FU', () => {
  test('is accessible by axe in light and dark, and fits into 400 px', async () => {
    await expectGoodScreens(await scene.open(clerk, path), [
      [`${path}?day=${eventDay}`, 'Islington depot', 'settled quarter-hours with an instruction.'],
      [`${path}?day=${eventDay}&view=table&meter=m1`, 'Islington depot', 'A second person approves it.'],
    ])
    await expectGoodScreens(await scene.open(hannah, path), [[`${path}?meter=`, 'Islington depot', 'Upload readings']])
  })
})
