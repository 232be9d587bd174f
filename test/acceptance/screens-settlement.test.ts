import { Instant, LocalDate } from '@js-joda/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../schemas/operations.ts'
import { periodStarts } from '../../schemas/vocabulary/time.ts'
import { expectGoodScreens, type Portal, startPortal } from '../../web/test/support/portal.ts'
import type { Client } from '../support/client.ts'
import { saveInstruction } from '../support/instructions.ts'
import {
  awardContracts,
  giveAuthority,
  registerFsp,
  registerUnit,
  saveTestNetwork,
  saveTestSite,
  silentControl,
  type TestFsp,
} from '../support/market.ts'
import { approveWaiting } from '../support/second-person.ts'

let portal: Portal
let fsp: TestFsp
let clerk: Client
let unit: { fuId: string; contractId: string }

/** Quarter-hours of a day, 5 kWh each, but for those that `wh` says otherwise of. */
const upload = (fuId: string, day: string, wh: (i: number) => number | null = () => 5_000, meterId = 'm1') =>
  fsp.client.ask(operations.uploadReadings, {
    body: {
      fuId,
      meterId,
      resolution: 'PT15M',
      stamp: 'period-start',
      revision: 1,
      readings: periodStarts(LocalDate.parse(day), 'PT15M').flatMap((at, i) => {
        const energyWh = wh(i)
        return energyWh === null ? [] : [{ at: at.toString(), energyWh, quality: 'measured' }]
      }),
    },
  })

beforeAll(async () => {
  portal = await startPortal('2026-01-01T00:00:00Z')
  await saveTestNetwork(portal.db)
  const people = async () => ({
    engineer: await portal.person('erin', 'flexibility-engineer'),
    second: await portal.person('sam', 'flexibility-engineer'),
  })
  const { engineer, second } = await people()
  fsp = await registerFsp(portal, engineer, 'Depot Charging Ltd', silentControl)
  const { mpan } = await saveTestSite(portal.db, portal.clock.now(), { name: 'Islington' })
  await giveAuthority(engineer, fsp.client, mpan)
  // Without a profiled connection no turn-down is owed already (the double-pay guard).
  await portal.db.$client`delete from profile`
  const { fuId } = await registerUnit(fsp.client, 'Islington depot', mpan)
  const gateClosesAt = portal.clock.now().plusSeconds(60).toString()
  const [contract] = await awardContracts(
    engineer,
    second,
    [{ client: fsp.client, fuId, turnDownW: 40_000 }],
    { gateClosesAt },
    () => portal.clock.advanceTo(portal.clock.now().plusSeconds(60)),
  )
  unit = { fuId, contractId: contract.contractId }
  await portal.clock.advanceTo(Instant.parse('2026-02-02T09:00:00Z'))
  fsp.client = await portal.tokenClient(fsp.clientId, fsp.clientSecret)
  clerk = await portal.person('clara', 'settlement')
  for (let day = 5; day < 30; day++) {
    const date = `2026-01-${String(day).padStart(2, '0')}`
    // On the 27th the FU turns down from 17:00 to 17:30 as instructed; on the 28th it does not; of the 29th two hours are missing.
    const turned = (i: number) => day === 27 && (i === 68 || i === 69)
    await upload(fuId, date, (i) => (turned(i) ? 1_000 : day === 29 && i < 8 ? null : 12_000))
  }
  for (const [day, quarter] of [
    ['27', '17:00'],
    ['27', '17:15'],
    ['28', '17:00'],
    ['28', '17:15'],
    ['28', '17:30'],
  ])
    await saveInstruction(portal.db, { fuId, fspId: fsp.fspId, from: `2026-01-${day}T${quarter}:00Z` })
}, 240_000)

test('FM13 a held upload is opened with the reasons it was held for, and rejected or released', async () => {
  // 12 Wh in each quarter-hour where 12 kWh are usual.
  const held = await upload(unit.fuId, '2026-01-30', () => 12)
  expect(held.body.holdId).toEqual(expect.any(String))
  const page = await portal.open(clerk, '/held-uploads')
  await page.getByText('1 upload waits for a decision', { exact: false }).waitFor()
  await page.getByRole('row', { name: /^Held, awaiting decision Islington depot/ }).click()
  const panel = page.getByRole('complementary', { name: 'Details' })
  await panel.getByText(/are they in kW/).waitFor()
  expect(await panel.getByRole('button', { name: 'Reject' }).isDisabled()).toBe(true)
  await panel.getByLabel('Reason, shown to the FSP').fill('A thousand times too little: send it in Wh')
  await panel.getByRole('button', { name: 'Reject' }).click()
  await panel.getByText('A thousand times too little: send it in Wh').waitFor()
  await page.getByText('No upload waits for a decision.').waitFor()
  expect((await fsp.client.ask(operations.listHeldUploads)).body.items[0]).toMatchObject({
    state: 'rejected',
    decidedBy: 'clara',
    decisionReason: 'A thousand times too little: send it in Wh',
  })
  const again = await upload(unit.fuId, '2026-01-30', () => 13)
  await page.getByRole('row', { name: /^Held, awaiting decision/ }).click()
  await panel.getByRole('button', { name: 'Release' }).click()
  await panel.getByText('Waiting for a second person').waitFor()
  await approveWaiting(await portal.person('petra', 'settlement'), again.body.holdId)
  await page.getByText('No upload waits for a decision.').waitFor()
  const [released] = (await clerk.ask(operations.listHeldUploads)).body.items.filter(
    (each: { holdId: string }) => each.holdId === again.body.holdId,
  )
  expect(released).toMatchObject({ state: 'released', decisionReason: null })
})

test('the completeness of meter data is shown by FU and day, and leads to the day that lacks something', async () => {
  const page = await portal.open(clerk, '/metering?month=2026-01')
  await page.getByText(/^1 of 1 FU lack/).waitFor()
  await page.getByRole('row', { name: /^Islington depot/ }).click()
  const panel = page.getByRole('complementary', { name: 'Details' })
  await panel.getByText('8 of 96 missing').waitFor()
  expect(await panel.getByText('nothing metered').count()).toBe(5)
  await panel.getByRole('link', { name: 'Thu 29 Jan 2026' }).click()
  await page.getByRole('heading', { name: 'Islington depot', level: 1 }).waitFor()
  expect(new URL(page.url()).searchParams.get('day')).toBe('2026-01-29')
})

describe('settlement terms', () => {
  test('are set for a contract, wrong ones refused at their field', async () => {
    const page = await portal.open(clerk, '/market/contracts')
    await page.getByRole('row', { name: /^Islington depot/ }).click()
    await page.getByRole('heading', { name: 'Contract of Islington depot' }).waitFor()
    await page.getByLabel('Payment').selectOption('sliding-scale')
    await page.getByLabel('Nothing at').fill('100')
    await page.getByRole('button', { name: 'Propose these terms' }).click()
    await page.getByText('fromRatio must be below toRatio').waitFor()
    await page.getByLabel('Nothing at').fill('60')
    await page.getByLabel('Baseline', { exact: true }).selectOption('mid-8-in-10')
    await page.getByLabel('Missing meter data').selectOption('estimate')
    await page.getByText('nothing at a delivery ratio of 0.6, full pay at 1', { exact: false }).waitFor()
    await page.getByRole('button', { name: 'Propose these terms' }).click()
    await page.getByText('Waiting for a second person').waitFor()
    await approveWaiting(await portal.person('petra', 'settlement'), unit.contractId)
    await page.getByText('These are the terms in force.').waitFor()
    expect((await clerk.ask(operations.readSettlementTerms, { params: { id: unit.contractId } })).body).toMatchObject({
      baselineMethod: 'mid-8-in-10',
      scheme: { name: 'sliding-scale', fromRatio: 0.6, toRatio: 1 },
      missingMeterData: 'estimate',
    })
  })
  test('are read by others, who cannot set them', async () => {
    const planner = await portal.person('priya', 'planner')
    const page = await portal.open(planner, `/market/contracts/${unit.contractId}`)
    await page.getByText('This needs the role settlement.').waitFor()
    expect(await page.getByRole('button', { name: 'Propose these terms' }).isDisabled()).toBe(true)
  })
})

test('baselines of an event day stand side by side on a chart, each with what it would pay', async () => {
  const { body } = await clerk.ask(operations.compareBaselines, {
    params: { id: unit.fuId },
    query: { day: '2026-01-27' },
  })
  const page = await portal.open(clerk, `/baselines?fu=${unit.fuId}&day=2026-01-27`)
  await page
    .getByRole('img', { name: /^Baseline of 1\.\d+.MWh by mid 8 in 10; metered .+; pays £\d+\.\d\d\.$/ })
    .waitFor()
  const rows = page.getByRole('region', { name: 'Methods' }).getByRole('row')
  await expect.poll(() => rows.count()).toBe(body.methods.length + 1)
  const zero = rows.filter({ hasText: /^zero/ }).first()
  expect(await zero.textContent()).toMatch(/0\.0£\d+\.\d\d−£\d+\.\d\d/)
  await zero.click()
  await page.getByRole('img', { name: /by zero; metered/ }).waitFor()
})

test('FA10 a statement is prepared; who did not deliver, and how often in a row, leads to the lines and their arithmetic', async () => {
  const page = await portal.open(clerk, '/settlement')
  await page.getByRole('button', { name: 'Prepare a statement' }).click()
  await page.getByRole('dialog').getByLabel('Month').fill('2026-01')
  await page.getByRole('dialog').getByRole('button', { name: 'Prepare' }).click()
  await page.getByRole('heading', { name: 'Statement 2026-01-A-0001' }).waitFor()
  await page.goto(`${portal.url}/non-delivery`)
  await page.getByText('3 periods of 5 failed, at 1 of 1 FU; the longest run is 3 periods.').waitFor()
  await page.getByRole('row', { name: /Failed 3 times in a row/ }).click()
  await page.getByRole('heading', { name: 'Statement 2026-01-A-0001' }).waitFor()
  expect(page.url()).toContain(`fu=${unit.fuId}`)
})

test('the screens of settlement are accessible by axe in light and dark, and fit into 400 px', async () => {
  const page = await portal.open(clerk, '/settlement')
  await expectGoodScreens(page, [
    ['/held-uploads', 'Settlement', 'Islington depot'],
    [`/metering?month=2026-01&fu=${unit.fuId}`, 'Settlement', 'Days with gaps'],
    [`/market/contracts/${unit.contractId}`, 'Contract of Islington depot', 'Propose these terms'],
    ['/non-delivery', 'Settlement', 'Islington depot'],
    [`/baselines?fu=${unit.fuId}&day=2026-01-27`, 'Settlement', 'What each method would pay'],
    ['/instructions?day=2026-01-27', 'Instructions', 'Islington depot'],
  ])
})
