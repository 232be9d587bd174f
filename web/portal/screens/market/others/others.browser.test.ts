import { Instant } from '@js-joda/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../../../../schemas/operations.ts'
import type { Client } from '../../../../../test/support/client.ts'
import { awardContracts } from '../../../../../test/support/market.ts'
import { type DepotsScene, startDepots } from '../../../../test/support/depots.ts'
import { type DepotFsp, registerDepotFsp } from '../../../../test/support/fsps.ts'
import { expectGoodScreens } from '../../../../test/support/portal.ts'

let scene: DepotsScene
let fsp: DepotFsp
/** A person of the FSP, and one of the DNO. */
let [hannah, engineer] = [null, null] as unknown as [Client, Client]

beforeAll(async () => {
  scene = await startDepots('2026-01-14T09:00:00Z')
  fsp = await registerDepotFsp(scene, 'Depot Flex Ltd', { Islington: 50_000, Dartford: 30_000 })
  const gateClosesAt = scene.clock.now().plusSeconds(60)
  await awardContracts(
    await scene.seeded('flex'),
    await scene.seeded('flex2'),
    [{ client: fsp.client, fuId: fsp.fuOf('Islington'), turnDownW: 40_000 }],
    { zoneNodeId: 'lpn-city-road', validFrom: '2026-01-15', gateClosesAt: gateClosesAt.toString() },
    () => scene.clock.advanceTo(gateClosesAt),
  )
  await scene.clock.advanceTo(Instant.parse('2026-01-15T09:00:00Z'))
  engineer = await scene.seeded('flex')
  hannah = await scene.account({ username: 'hannah', fullName: 'Hannah', roles: ['fsp-user'], fspId: fsp.fspId })
}, 180_000)

const services = async () => (await engineer.ask(operations.listServicesToOthers)).body.items

describe('a person of an FSP', () => {
  test('registers what an FU does for the system operator, and sees which contract it runs into', async () => {
    const page = await scene.open(hannah, '/market')
    await page.getByRole('link', { name: 'Services to others' }).click()
    await page.getByRole('link', { name: 'Register a service' }).click()
    await page.getByRole('button', { name: 'Register' }).click()
    await page.getByText('Choose the FU.').waitFor()
    await page.getByText('State when it begins and when it ends.').waitFor()
    await page.getByLabel('FU').selectOption('Islington depot')
    await page.getByLabel('Buyer').fill('NESO')
    await page.getByLabel('Service', { exact: true }).fill('Demand Flexibility Service')
    await page.getByLabel('Shown by').fill('Requirement of 12 January')
    await page.getByLabel('From').fill('2026-01-16T05:00')
    await page.getByLabel('To', { exact: true }).fill('2026-01-16T06:00')
    await page.getByRole('button', { name: 'Add a time' }).click()
    const second = page.getByRole('group', { name: 'Time 2' })
    await second.getByLabel('From').fill('2026-01-14T17:30')
    await second.getByLabel('To', { exact: true }).fill('2026-01-14T18:00')
    await page.getByRole('button', { name: 'Register' }).click()
    await page.getByText(/is in the past: state .* or ask the DNO to register it/).waitFor()
    await second.getByLabel('From').fill('2026-01-16T17:30')
    await second.getByLabel('To', { exact: true }).fill('2026-01-16T18:30')
    await page.getByRole('button', { name: 'Register' }).click()

    const panel = page.getByRole('complementary', { name: 'Details' })
    await panel.getByRole('heading', { name: 'Islington depot: Demand Flexibility Service' }).waitFor()
    await panel.getByText('from 16 Jan 17:30').waitFor()
    await page.getByText('1 service to others within a contract’s window').waitFor()
    expect((await services()).map((each: { from: string }) => each.from)).toEqual([
      '2026-01-16T17:30:00Z',
      '2026-01-16T05:00:00Z',
    ])
    await panel.getByRole('link', { name: /ontract/ }).click()
    await page.getByRole('heading', { name: 'Contract of Islington depot', level: 1 }).waitFor()
  })

  test('ends it before its time, in two steps', async () => {
    const page = await scene.open(hannah, '/market/services-to-others')
    await page.getByRole('row', { name: /^Meets a contract Islington depot/ }).click()
    const panel = page.getByRole('complementary', { name: 'Details' })
    expect(await panel.getByLabel('Ends at (local time)').inputValue()).toBe('2026-01-15T09:15')
    await panel.getByLabel('Reason for the end').fill('Stood down by NESO')
    await panel.getByRole('button', { name: 'End the service' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(/for NESO is then never in force/).waitFor()
    await dialog.getByRole('button', { name: 'End the service' }).click()
    await panel.getByText('Never in force').waitFor()
    expect(await panel.getByRole('button', { name: 'End the service' }).count()).toBe(0)
    const [ended] = await services()
    expect(ended).toMatchObject({ to: ended.from, reason: 'Stood down by NESO' })
  })
})

describe('people of the DNO', () => {
  test('register what is past, of one FU', async () => {
    const page = await scene.open(engineer, `/market/units?fu=${fsp.fuOf('Dartford')}`)
    await page.getByRole('link', { name: 'What it does for the system operator or another DNO' }).click()
    await page.getByText(/^No service to the system operator/).waitFor()
    await page.getByRole('link', { name: 'Register a service' }).click()
    await page.getByLabel('Buyer').fill('Northern DNO')
    await page.getByLabel('Service', { exact: true }).fill('Secure')
    await page.getByLabel('Shown by').fill('Letter of 3 January')
    await page.getByLabel('From').fill('2026-01-13T17:00')
    await page.getByLabel('To', { exact: true }).fill('2026-01-13T19:00')
    await page.getByRole('button', { name: 'Register' }).click()
    await page.getByRole('row', { name: /^Over Dartford depot .*13 Jan 17:00 to 19:00/ }).waitFor()
    const [, , past] = await services()
    expect(past).toMatchObject({ fuId: fsp.fuOf('Dartford'), registeredBy: 'flex' })
    // What is over has nothing to end.
    expect(await page.getByRole('button', { name: 'End the service' }).count()).toBe(0)
  })
  test('without the role only read', async () => {
    const page = await scene.open(await scene.seeded('operator'), '/market/services-to-others')
    await page.getByRole('row', { name: /^Ahead Islington depot/ }).click()
    await page.getByLabel('Reason for the end').fill('Trying')
    expect(await page.getByRole('button', { name: 'End the service' }).isDisabled()).toBe(true)
    expect(await page.getByRole('link', { name: 'Register a service' }).count()).toBe(0)
  })
  test('have screens that are accessible by axe in light and dark, and fit into 400 px', async () => {
    const [first] = await services()
    await expectGoodScreens(await scene.open(engineer, '/market/services-to-others'), [
      ['/market/services-to-others', 'Market', 'Dartford depot'],
      [`/market/services-to-others?service=${first.serviceId}`, 'Market', 'Contracts at that time'],
      ['/market/new-service-to-others', 'Register a service to others', 'Shown by'],
    ])
  })
})
