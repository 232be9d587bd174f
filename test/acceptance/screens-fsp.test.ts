import { LocalDate } from '@js-joda/core'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../schemas/operations.ts'
import { periodStarts } from '../../schemas/vocabulary/time.ts'
import { expectLoaded } from '../../web/test/support/loading.ts'
import { expectGoodScreens, type Portal, startPortal } from '../../web/test/support/portal.ts'
import type { Client } from '../support/client.ts'
import { saveInstruction } from '../support/instructions.ts'
import {
  awardContracts,
  eveningTender,
  giveAuthority,
  registerFsp,
  registerUnit,
  saveTestNetwork,
  saveTestSite,
  silentControl,
  type TestFsp,
} from '../support/market.ts'
import { agreed, moveStatement } from '../support/second-person.ts'

let portal: Portal
let engineer: Client
let [own, other]: (TestFsp & { fuId: string; user: Client })[] = []

/** Two FSPs with everything of their own: an FU, a contract, a schedule, an instruction and an issued statement. */
beforeAll(async () => {
  portal = await startPortal('2026-01-15T09:00:00Z')
  await saveTestNetwork(portal.db)
  engineer = await portal.person('erin', 'flexibility-engineer')
  const second = await portal.person('sam', 'flexibility-engineer')
  const sides: (TestFsp & { fuId: string })[] = []
  for (const name of ['Depot Charging', 'Home Charging']) {
    const fsp = await registerFsp(portal, engineer, `${name} Ltd`, silentControl)
    const { mpan } = await saveTestSite(portal.db, portal.clock.now(), { name: `${name} site` })
    await giveAuthority(engineer, fsp.client, mpan)
    const { fuId } = await registerUnit(fsp.client, `${name} FU`, mpan)
    sides.push({ ...fsp, fuId })
    const instructed = { fuId, fspId: fsp.fspId, from: '2026-01-15T17:00:00Z', minutes: 30 }
    await saveInstruction(portal.db, { ...instructed, state: 'acknowledged' })
  }
  const gateClosesAt = portal.clock.now().plusSeconds(60).toString()
  const offers = sides.map(({ client, fuId }) => ({ client, fuId, turnDownW: 40_000 }))
  const contracts = await awardContracts(engineer, second, offers, { gateClosesAt }, () =>
    portal.clock.advanceTo(portal.clock.now().plusSeconds(60)),
  )
  const [clerk, checker] = [await portal.person('clara', 'settlement'), await portal.person('sven', 'settlement')]
  for (const { contractId } of contracts) {
    const { body: terms } = await clerk.ask(operations.readSettlementTerms, { params: { id: contractId } })
    const nominated = { params: { id: contractId }, body: { ...terms, baselineMethod: 'nominated' } }
    await agreed(checker, clerk.ask(operations.setSettlementTerms, nominated))
  }
  for (const { fspId } of sides) {
    const { body } = await clerk.ask(operations.prepareStatement, { body: { fspId, product: 'A', month: '2026-01' } })
    for (const [who, event] of [
      [clerk, 'check'],
      [checker, 'approve'],
      [clerk, 'issue'],
    ] as const)
      expect((await moveStatement(who, body.statementId, event)).status).toBe(200)
  }
  const { body: tender } = await engineer.ask(operations.draftTender, {
    body: eveningTender({ title: 'City Road spring', validFrom: '2026-07-01', validTo: '2026-09-30' }),
  })
  await engineer.ask(operations.publishTender, { params: { id: tender.tenderId } })
  const withUsers = await Promise.all(
    sides.map(async (side, i) => ({ ...side, user: await portal.fspUser(i === 0 ? 'ines' : 'hugo', side.fspId) })),
  )
  own = withUsers[0]
  other = withUsers[1]
}, 240_000)

/** Nothing on the page may name the other FSP, its FU or its site. */
async function expectNothingOfOthers(page: Page): Promise<void> {
  const text = await page.locator('body').textContent()
  expect(text).not.toContain('Home Charging')
  expect(text).not.toContain(other?.fuId)
}

test('an FSP’s person sees what waits for them, responds to the tender once, and never sees the other’s', async () => {
  const page = await portal.open((own as { user: Client }).user, '/')
  await page.getByText('1 tender to respond to; 1 FU without your baseline for tomorrow.').waitFor()
  expect(await page.getByRole('navigation', { name: 'Main' }).getByRole('link').allTextContents()).toEqual([
    ...['Overview', 'Market', 'Instructions', 'Settlement'],
  ])
  await page
    .getByRole('region', { name: 'Instructions' })
    .getByRole('row', { name: /^Depot Charging FU/ })
    .waitFor()
  await expectNothingOfOthers(page)
  await page.getByRole('link', { name: 'City Road spring' }).click()
  await page.getByLabel('Depot Charging FU', { exact: true }).check()
  await page.getByLabel('Depot Charging FU: Availability, £/MW/h').fill('25')
  await page.getByLabel('Depot Charging FU: Utilisation, £/MWh').fill('120')
  await page.getByRole('button', { name: 'Offer 1 FU' }).click()
  await page.getByText('The availability price is above the ceiling.').waitFor()
  await page.getByLabel('Depot Charging FU: Availability, £/MW/h').fill('12')
  await page.getByRole('button', { name: 'Offer 1 FU' }).click()
  const offers = page.getByRole('region', { name: 'Offers' })
  await offers.getByRole('row', { name: /Depot Charging FU/ }).waitFor()
  expect(await page.getByRole('button', { name: /^(Evaluate|Publish|Withdraw|Award|Offer)/ }).count()).toBe(0)
  await expectNothingOfOthers(page)
})

test('the other FSP declines with a reason, and both answers are before the DNO', async () => {
  const page = await portal.open((other as { user: Client }).user, '/')
  await page.getByRole('link', { name: 'City Road spring' }).click()
  await page.getByLabel('Reason for not bidding').fill('Our homes are not in this zone')
  await page.getByRole('button', { name: 'Decline to bid' }).click()
  await page.getByText('Our homes are not in this zone').waitFor()
  expect(await page.locator('body').textContent()).not.toContain('Depot Charging')
  const dno = await portal.open(engineer, '/market')
  await dno.getByRole('link', { name: 'City Road spring' }).click()
  await dno.getByText('Our homes are not in this zone').waitFor()
  await dno
    .getByRole('region', { name: 'Offers' })
    .getByRole('row', { name: /Depot Charging FU/ })
    .waitFor()
})

describe('an FSP’s person', () => {
  test('submits a schedule by hand; a wrong one is refused precisely and nothing is stored', async () => {
    const page = await portal.open((own as { user: Client }).user, '/market/schedules?day=2026-01-16')
    await page.getByRole('button', { name: 'Submit a schedule' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox').fill('50 51 52')
    await dialog.getByRole('button', { name: 'Submit revision 1' }).click()
    await dialog.getByText('3 values were given, but this day has 48 periods. Give one for each.').waitFor()
    await dialog.getByRole('textbox').fill(Array.from({ length: 48 }, (_, i) => 50 + i).join('\n'))
    await dialog.getByRole('button', { name: 'Submit revision 1' }).click()
    const row = page.getByRole('row', { name: /^Depot Charging FU Baseline/ })
    await row.click()
    await page.getByRole('img', { name: 'Baseline, revision 1: between 50.0 and 97.0 kW.' }).waitFor()
    await page.goto(`${portal.url}/`)
    await page.getByText('Nothing needs your action.').waitFor()
  })

  test('reads the contract, the instruction and the statement of their own, and disputes it', async () => {
    const page = await portal.open((own as { user: Client }).user, '/market/contracts')
    await page.getByRole('row', { name: /Depot Charging FU/ }).click()
    await page.getByText('full pay from a delivery ratio of 0.95', { exact: false }).waitFor()
    expect(await page.getByRole('button', { name: 'Propose these terms' }).count()).toBe(0)
    await page.getByRole('link', { name: 'Instructions' }).click()
    await page.getByRole('row', { name: /^Depot Charging FU Acknowledged A 17:00 to 17:30 40\.0/ }).click()
    await page.getByRole('complementary', { name: 'Details' }).getByText('40.0 kW').waitFor()
    await expectNothingOfOthers(page)
    await page.getByRole('link', { name: 'Settlement' }).click()
    const statements = page.getByRole('region', { name: 'Statements' }).getByRole('row')
    await expect.poll(() => statements.count()).toBe(2)
    await expectNothingOfOthers(page)
    await statements.nth(1).getByRole('link').click()
    await page.getByLabel('What is disputed, and why').fill('Our meter says otherwise')
    await page.getByRole('button', { name: 'Dispute the whole statement' }).click()
    await page.getByText('Our meter says otherwise').waitFor()
    expect(await page.getByRole('button', { name: 'Decide' }).count()).toBe(0)
    for (const path of ['/market/units', '/metering?month=2026-01', '/held-uploads', '/baselines', '/non-delivery']) {
      await page.goto(`${portal.url}${path}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await expectLoaded(page)
      await expectNothingOfOthers(page)
    }
  })

  test('is told so at an address that is the DNO’s, and the API gives nothing of it either', async () => {
    const { user } = own as { user: Client }
    for (const path of ['/network', '/dispatch', '/alarms', '/market/fsps', '/connections']) {
      const page = await portal.open(user, path)
      await page.getByRole('heading', { name: 'For the network operator' }).waitFor()
    }
    const { readOverview, listConnections, listAlarms, listHubs, readDispatchBoard } = operations
    for (const operation of [readOverview, listConnections, listAlarms, listHubs])
      expect([operation.summary, (await user.ask(operation)).status]).toEqual([operation.summary, 403])
    expect((await user.ask(readDispatchBoard, { query: { day: '2026-01-15', product: 'A' } })).status).toBe(403)
  })

  test('has screens that are accessible by axe in light and dark, and fit into 400 px', {
    timeout: 60_000,
  }, async () => {
    const page = await portal.open((own as { user: Client }).user, '/')
    await expectGoodScreens(page, [
      ['/', 'Overview', 'Turn-downs today'],
      ['/market', 'Market', 'City Road spring'],
      ['/market/contracts', 'Market', 'Depot Charging FU'],
      ['/market/units', 'Market', 'Depot Charging FU'],
      ['/market/schedules?day=2026-01-16', 'Market', 'Upload schedules'],
      ['/instructions', 'Instructions', 'Acknowledged'],
      ['/settlement', 'Settlement', '2026-01-A'],
    ])
  })

  test('FB05 an FSP’s person reads why less of their offer was chosen than of a cheaper one, and not whose that was', async () => {
    const [mine, theirs] = [own, other] as [NonNullable<typeof own>, NonNullable<typeof other>]
    const second = await portal.person('saul', 'flexibility-engineer')
    const windows = [{ weekdays: ['thursday' as const], from: '20:00', to: '20:30', requiredW: 50_000 }]
    for (const [{ client, fuId }, utilisation] of [
      [mine, '200.00'],
      [theirs, '90.00'],
    ] as const)
      await awardContracts(
        ...([engineer, second, [{ client, fuId, turnDownW: 30_000, utilisation }]] as const),
        { gateClosesAt: portal.clock.now().plusSeconds(60).toString(), product: 'B', windows },
        () => portal.clock.advanceTo(portal.clock.now().plusSeconds(60)),
      )
    // 45 kW over the target: 30 of the cheap ones, and 15 of the dear.
    const values = periodStarts(LocalDate.parse('2026-01-15'), 'PT15M').map((at) =>
      ['20:00', '20:15'].includes(at.toString().slice(11, 16)) ? 345_000 : 200_000,
    )
    const forecast = { params: { nodeId: 'sec', day: '2026-01-15' }, body: { resolution: 'PT15M', values } } as const
    await engineer.ask(operations.setTargetLevel, { params: { nodeId: 'sec' }, body: { targetW: 300_000 } })
    expect((await engineer.ask(operations.saveLoadForecast, forecast)).status).toBe(200)
    const run = { body: { tradingDay: '2026-01-15', product: 'B' } } as const
    expect((await engineer.ask(operations.optimise, run)).status).toBe(200)
    const page = await portal.open(mine.user, '/')
    const row = page
      .getByRole('region', { name: 'Chosen of the offers' })
      .getByRole('row', { name: /^Depot Charging FU/ })
    await row.waitFor()
    const cells = await row.getByRole('cell').allTextContents()
    expect(cells.slice(1).map((text) => text.replace(/\s/g, ' '))).toEqual([
      'B',
      '20:00 to 20:30',
      '30.0 kW',
      '15.0 kW',
      '£200.00',
      'What was needed was met without the rest of the offer.',
    ])
    await expectNothingOfOthers(page)
  })

  test('takes an FU out of service with a reason', async () => {
    const page = await portal.open((own as { user: Client }).user, '/market/units')
    await page.getByRole('row', { name: /^Depot Charging FU/ }).click()
    await page.getByLabel('Reason for the change of service').fill('Works at the depot')
    await page.getByRole('button', { name: 'Take it out of service' }).click()
    await page.getByRole('button', { name: 'Put it back into service' }).waitFor()
    await page.getByRole('row', { name: /^Depot Charging FU Out of service/ }).waitFor()
  })
})
