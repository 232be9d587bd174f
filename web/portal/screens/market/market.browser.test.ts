import { Instant } from '@js-joda/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../../../schemas/operations.ts'
import type { Operation } from '../../../../schemas/vocabulary/operation.ts'
import type { Client } from '../../../../test/support/client.ts'
import { applicationOf, eveningTender, silentControl } from '../../../../test/support/market.ts'
import { type DepotsScene, ok, startDepots } from '../../../test/support/depots.ts'
import { type DepotFsp, registerDepotFsp } from '../../../test/support/fsps.ts'
import { expectGoodScreens } from '../../../test/support/portal.ts'

let scene: DepotsScene
let engineer: Client
let approver: Client
let depotFlex: DepotFsp
/** An evaluated tender, and the application of an FSP that nobody has decided on. */
let [evaluatedId, applicationId] = ['', '']

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'] as const
const weekend = ['saturday', 'sunday'] as const

/** A tender that two FSPs have answered and a third has declined, evaluated; one that is open; and one that is a draft. */
beforeAll(async () => {
  scene = await startDepots('2026-01-12T09:00:00Z')
  engineer = await scene.seeded('flex')
  const inZone = { Islington: 35_000, Whitechapel: 55_000, 'Mount Pleasant': 75_000, Camden: 95_000 }
  depotFlex = await registerDepotFsp(scene, 'Depot Flex Ltd', inZone, silentControl, ['Islington'])
  const batteryBarn = await registerDepotFsp(scene, 'Battery Barn plc', { Bexleyheath: 20_000 })
  const quietHomes = await registerDepotFsp(scene, 'Quiet Homes', {})
  const applicant = applicationOf('Waiting Watts Ltd', silentControl)
  applicationId = (await ok(scene.client().ask(operations.applyAsFsp, { body: applicant }))).applicationId
  const base = { zoneNodeId: 'lpn-city-road', validFrom: '2026-02-02', validTo: '2026-03-27' }
  const publish = async (change: Parameters<typeof eveningTender>[0]) => {
    const { tenderId } = await ok(engineer.ask(operations.draftTender, { body: eveningTender({ ...base, ...change }) }))
    return (await ok(engineer.ask(operations.publishTender, { params: { id: tenderId } }))).tenderId as string
  }
  evaluatedId = await publish({
    title: 'City Road winter peak',
    windows: [
      { weekdays: [...weekdays], from: '16:00', to: '20:00', requiredW: 160_000 },
      { weekdays: [...weekend], from: '17:00', to: '19:00', requiredW: 400_000 },
    ],
    ceilingUtilisationGbpPerMwh: '350.00',
    gateClosesAt: '2026-01-14T17:00:00Z',
  })
  const answer = (of: DepotFsp, depots: Readonly<Record<string, number>>) =>
    ok(
      of.client.ask(operations.respondToTender, {
        params: { id: evaluatedId },
        body: {
          bid: 'offered',
          offers: Object.entries(depots).map(([depot, turnDownW], i) => ({
            fuId: of.fuOf(depot),
            turnDownW,
            availabilityGbpPerMwH: `${9 + i}.50`,
            utilisationGbpPerMwh: `${290 + 15 * i}.00`,
          })),
        },
      }),
    )
  await answer(depotFlex, inZone)
  await answer(batteryBarn, { Bexleyheath: 20_000 })
  const no = { bid: 'declined', reason: 'Our homes are not in this zone.' }
  await ok(quietHomes.client.ask(operations.respondToTender, { params: { id: evaluatedId }, body: no }))
  await publish({ title: 'Dartford spring evenings', zoneNodeId: 'lpn-hurst', gateClosesAt: '2026-01-20T17:00:00Z' })
  await ok(engineer.ask(operations.draftTender, { body: eveningTender({ ...base, title: 'Whitechapel summer' }) }))
  await scene.clock.advanceTo(Instant.parse('2026-01-15T09:00:00Z'))
  engineer = await scene.seeded('flex')
  approver = await scene.seeded('flex2')
  await ok(engineer.ask(operations.evaluateTender, { params: { id: evaluatedId } }))
}, 180_000)

const open = (path: string, who = engineer) => scene.open(who, path)
const listed = async (operation: Operation) => (await engineer.ask(operation)).body.items

describe('a tender', () => {
  test('is drafted window by window, and a fault is told at its field', async () => {
    const page = await open('/market/new-tender')
    await page.getByLabel('Title').fill('City Road spring')
    await page.getByLabel('Zone').fill('lpn-islington-bsp')
    await page.getByText('Islington BSP, bulk supply point').filter({ visible: true }).waitFor()
    await page.getByLabel('First day of service').fill('2026-04-01')
    await page.getByLabel('Last day of service').fill('2026-06-30')
    await page.getByLabel('Responses until').fill('2026-03-29T17:00')
    await page.getByLabel('Availability at most').fill('fifteen')
    await page.getByLabel('Utilisation at most').fill('350')
    await page.getByLabel('Turn-down needed, kW').fill('160')
    await page.getByRole('button', { name: 'Save the draft' }).click()
    await page.getByText('must be a price such as "95.50"').waitFor()
    expect(await listed(operations.listTenders)).toHaveLength(3)
    await page.getByLabel('Availability at most').fill('15')
    await page.getByRole('button', { name: 'Save the draft' }).click()
    await page.getByRole('heading', { name: 'City Road spring' }).waitFor()
    expect(await listed(operations.listTenders)).toContainEqual(
      expect.objectContaining({
        title: 'City Road spring',
        state: 'draft',
        // 17:00 local time on the day on which the clock goes forward.
        gateClosesAt: '2026-03-29T16:00:00Z',
        windows: [expect.objectContaining({ from: '16:00', to: '20:00', requiredW: 160_000 })],
      }),
    )
  })
  test('has windows suggested from the forecast of its zone, which one button takes over', {
    timeout: 60_000,
  }, async () => {
    const nodeId = 'lpn-islington-lv'
    const planner = await scene.seeded('planner')
    const quarters = (day: string) => ['17:00', '17:15'].map((time) => `${nodeId},${day}T${time}:00Z,900000`)
    const text = `node_id,period_start,load_w\n${['2026-01-22', '2026-01-23'].flatMap(quarters).join('\n')}\n`
    await ok(planner.ask(operations.uploadLoads, { text, query: { implausible: 'accept' } }))
    const page = await open('/market/new-tender')
    await page.getByText('Choose a zone first.').waitFor()
    await page.getByLabel('Zone').fill(nodeId)
    await page.getByLabel('First day of service').fill('2026-01-22')
    await page.getByLabel('Last day of service').fill('2026-01-24')
    await page.getByRole('button', { name: 'Suggest windows' }).click()
    await page.getByText('1 of these days has no forecast: nothing is known of it.').waitFor()
    const suggested = page.getByRole('region', { name: 'Suggested windows' })
    // 900 kW against 800 kVA × 0.95.
    expect(await suggested.getByRole('row').nth(1).textContent()).toContain('17:00 to 17:30140.0')
    await page.getByRole('button', { name: 'Use these windows' }).click()
    const needs = page.getByLabel('Turn-down needed, kW')
    await expect.poll(() => needs.first().inputValue()).toBe('140')
    expect(await page.getByLabel('From', { exact: true }).first().inputValue()).toBe('17:00')
  })
  test('shows what the evaluation found, offer by offer', async () => {
    const page = await open(`/market/tenders/${evaluatedId}`)
    await page.getByText('140.0 kW short on Sat, Sun 17:00 to 19:00; 4 offers selected').waitFor()
    const offers = page.getByRole('region', { name: 'Offers' })
    expect(await offers.getByRole('row', { name: /Bexleyheath/ }).textContent()).toContain('Outside the zone')
    expect(await page.getByText('Our homes are not in this zone.').count()).toBe(1)
  })
})

describe('an application of an FSP', () => {
  test('is rejected only with a reason', async () => {
    const page = await open(`/market/fsps?fsp=${applicationId}`)
    const reject = page.getByRole('button', { name: 'Reject' })
    await reject.waitFor()
    expect(await reject.isDisabled()).toBe(true)
    await expectGoodScreens(page, [[`/market/fsps?fsp=${applicationId}`, 'Market', 'Reason for a rejection']])
    await page.getByLabel('Reason for a rejection').fill('No control API answers at the address.')
    await reject.click()
    await expect
      .poll(() => listed(operations.listFsps))
      .toContainEqual(
        expect.objectContaining({
          fspId: applicationId,
          status: 'rejected',
          reason: 'No control API answers at the address.',
        }),
      )
  })
})

describe('an FSP', () => {
  test('FB08 SEC13 gets its instructions by e-mail once a second person has approved', async () => {
    const page = await open(`/market/fsps?fsp=${depotFlex.fspId}`)
    await page.getByLabel('Instructions go').selectOption('email')
    await page.getByLabel('E-mail for instructions').fill('desk@depotflex.example')
    await page.getByRole('button', { name: 'Change' }).click()
    await page.getByText('Waiting for a second person').waitFor()
    const routeOf = async () =>
      (await listed(operations.listFsps)).find((one: { fspId: string }) => one.fspId === depotFlex.fspId).dispatchRoute
    expect(await routeOf()).toBe('http')
    expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0)
    const second = await open('/proposals', approver)
    await second.getByText('Send the instructions of Depot Flex Ltd by e-mail to desk@depotflex.example').waitFor()
    await expectGoodScreens(second, [['/proposals', 'Waiting for a second person', 'Proposed by']])
    await second.getByRole('button', { name: 'Approve' }).click()
    await second.getByRole('dialog').getByRole('button', { name: 'Approve' }).click()
    await second.getByText('No change is waiting.').waitFor()
    await expect
      .poll(() => listed(operations.listFsps))
      .toContainEqual(
        expect.objectContaining({
          fspId: depotFlex.fspId,
          dispatchRoute: 'email',
          dispatchEmail: 'desk@depotflex.example',
        }),
      )
  })
})

describe('the award of a tender', () => {
  test('takes two steps, the first stating the consequence in figures', async () => {
    const page = await open(`/market/tenders/${evaluatedId}`, approver)
    await expectGoodScreens(page, [[`/market/tenders/${evaluatedId}`, 'City Road winter peak', 'Battery Barn plc']])
    await page.getByRole('button', { name: 'Award' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Makes 4 contracts with 1 FSP for up to 260.0 kW, costing at most £85.70 an hour').waitFor()
    expect(await listed(operations.listContracts)).toEqual([])
    await dialog.getByRole('button', { name: 'Award' }).click()
    await expect.poll(async () => (await listed(operations.listContracts)).length).toBe(4)
    await expect.poll(() => dialog.count()).toBe(0)
  })
})

describe('every screen of the market', () => {
  test('is accessible by axe in light and dark, and fits into 400 px', { timeout: 120_000 }, async () => {
    await expectGoodScreens(await open('/market'), [
      ['/market', 'Market', 'City Road winter peak'],
      ['/market/new-tender', 'Draft a tender', 'Windows'],
      ['/market/new-contract', 'Contract without a tender', 'Windows'],
      ['/market/contracts', 'Market', 'Islington depot'],
      [`/market/units?fu=${depotFlex.fuOf('Islington')}`, 'Market', 'uploaded, or from the site’s hub'],
    ])
  })
})

describe('a contract without a tender', () => {
  test('SEC13 is proposed in a form and in force once a second person has approved', async () => {
    const page = await open('/market/contracts')
    await page.getByRole('link', { name: 'Contract without a tender' }).click()
    await page.getByLabel('FU', { exact: true }).selectOption({ value: depotFlex.fuOf('Camden') })
    await page.getByLabel('Product').selectOption('C')
    await page.getByRole('button', { name: 'Propose the contract' }).click()
    expect(await page.getByRole('alert').count()).toBeGreaterThan(0)
    await page.getByLabel('First day of service').fill('2026-04-01')
    await page.getByLabel('Agreement').fill('Framework agreement 7')
    await page.getByLabel('Turn-down').fill('45.5')
    await page.getByLabel('Utilisation').fill('180')
    await page.getByLabel('If there are too few days').selectOption('outturn')
    await page.getByRole('button', { name: 'Propose the contract' }).click()
    await page.getByText('Waiting for a second person').waitFor()
    const second = await open('/proposals', approver)
    await second.getByText('of Depot Flex Ltd for product C without a tender').waitFor()
    await second.getByRole('button', { name: 'Approve' }).click()
    await second.getByRole('dialog').getByRole('button', { name: 'Approve' }).click()
    await second.getByText('No change is waiting.').waitFor()
    expect(await listed(operations.listContracts)).toContainEqual(
      expect.objectContaining({
        fuId: depotFlex.fuOf('Camden'),
        product: 'C',
        tenderId: null,
        reference: 'Framework agreement 7',
        turnDownW: 45_500,
        utilisationGbpPerMwh: '180.00',
        baselineFallback: 'outturn',
      }),
    )
    const contracts = await open('/market/contracts')
    await contracts.getByText('Framework agreement 7').first().waitFor()
  })
})
