import { beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../../../../schemas/operations.ts'
import type { Client } from '../../../../../test/support/client.ts'
import { giveAuthority } from '../../../../../test/support/market.ts'
import { type DepotsScene, startDepots } from '../../../../test/support/depots.ts'
import { type DepotFsp, registerDepotFsp } from '../../../../test/support/fsps.ts'
import { expectGoodScreens } from '../../../../test/support/portal.ts'

let scene: DepotsScene
let fsp: DepotFsp
/** A person of the FSP, and one of the DNO. */
let [hannah, engineer] = [null, null] as unknown as [Client, Client]

beforeAll(async () => {
  scene = await startDepots('2026-01-15T09:00:00Z')
  fsp = await registerDepotFsp(scene, 'Depot Flex Ltd', { Islington: 50_000 })
  engineer = await scene.seeded('flex')
  await giveAuthority(engineer, fsp.client, scene.depot('Dartford').mpan)
  hannah = await scene.account({ username: 'hannah', fullName: 'Hannah', roles: ['fsp-user'], fspId: fsp.fspId })
}, 180_000)

const ders = async () => (await engineer.ask(operations.listDers)).body.items
const units = async () => (await engineer.ask(operations.listFlexibleUnits)).body.items
const derOf = async (name: string) => (await ders()).find((each: { name: string }) => each.name === name)

describe('a person of an FSP', () => {
  test('registers a DER behind an MPAN that it has authority over, with its owner’s consent', async () => {
    const page = await scene.open(hannah, '/market/units')
    await page.getByRole('link', { name: 'DERs', exact: true }).click()
    await page.getByRole('link', { name: 'Register a DER' }).click()
    await page.getByRole('button', { name: 'Register' }).click()
    await page.getByText('An MPAN has 13 digits.').waitFor()
    await page.getByLabel('Name').fill('Yard battery')
    await page.getByLabel('Kind').selectOption('battery')
    await page.getByLabel('MPAN').fill('1999999999999')
    await page.getByLabel('Rated').fill('30')
    await page.getByLabel('It belongs to somebody else, whose consent is recorded').check()
    await page.getByLabel('Shown by').fill('Lease 7 of 3 January')
    await page.getByRole('button', { name: 'Register' }).click()
    await page.getByText(/is not an MPAN that you have authority over/).waitFor()
    await page.getByLabel('MPAN').fill(scene.depot('Dartford').mpan)
    await page.getByRole('button', { name: 'Register' }).click()
    await page.getByRole('heading', { name: 'Yard battery', level: 2 }).waitFor()
    expect(await derOf('Yard battery')).toMatchObject({
      kind: 'battery',
      ratedW: 30_000,
      consent: { reference: 'Lease 7 of 3 January', from: '2026-01-15', until: null },
    })
  })

  test('registers an FU of it, and states what its runs keep to', async () => {
    const page = await scene.open(hannah, '/market/units')
    await page.getByRole('link', { name: 'Register an FU' }).click()
    await page.getByLabel('Name').fill('Dartford yard')
    await page.getByLabel('Turn-down at most').fill('31')
    await page.getByLabel('Turn-up at most').fill('30')
    await page.getByRole('button', { name: 'Register' }).click()
    await page.getByText('Choose its DERs, or state the node that they will be behind.').waitFor()
    await page.getByLabel(/^Yard battery, battery/).check()
    await page.getByText('Its DERs are rated for 30 kW together.').waitFor()
    await page.getByLabel('Turn-down at most').fill('30')
    await page.getByRole('button', { name: 'Register' }).click()
    const panel = page.getByRole('complementary', { name: 'Details' })
    await panel.getByRole('heading', { name: 'Dartford yard', level: 2 }).waitFor()
    await panel.getByRole('button', { name: 'Change the constraints' }).click()
    await panel.getByLabel('Minimum run').fill('50')
    await panel.getByLabel('Notice').fill('30')
    await panel.getByRole('button', { name: 'Save' }).click()
    await panel.getByText('Enter whole quarter-hours, 15 to 1440 min.').waitFor()
    await panel.getByLabel('Minimum run').fill('60')
    await panel.getByLabel('Minimum turn-down').fill('40')
    await panel.getByRole('button', { name: 'Save' }).click()
    await panel.getByText(/is more than the 30000 W that the FU can be turned down and up by/).waitFor()
    await panel.getByLabel('Minimum turn-down').fill('10')
    await panel.getByRole('button', { name: 'Save' }).click()
    await panel.getByRole('button', { name: 'Change the constraints' }).waitFor()
    expect((await units()).find((each: { name: string }) => each.name === 'Dartford yard')).toMatchObject({
      maxTurnDownW: 30_000,
      maxTurnUpW: 30_000,
      limits: { minimumTurnDownW: 10_000, minimumRunMinutes: 60, noticeMinutes: 30, activationsPerDay: 100 },
    })
  })

  test('records the end of a consent from a day ahead, and moves the DER out of its FU', async () => {
    const page = await scene.open(hannah, '/market/ders')
    await page.getByRole('row', { name: /^Yard battery battery .*Dartford yard/ }).click()
    const panel = page.getByRole('complementary', { name: 'Details' })
    await panel.getByLabel('First day', { exact: true }).fill('2026-01-10')
    await panel.getByRole('button', { name: 'Record the consent' }).click()
    await panel.getByText(/cannot be changed: state 2026-01-15/).waitFor()
    await panel.getByLabel('First day', { exact: true }).fill('2026-01-15')
    await panel.getByLabel('First day without it').fill('2026-02-01')
    await panel.getByRole('button', { name: 'Record the consent' }).click()
    await page.getByRole('row', { name: /^Yard battery .*Ends/ }).waitFor()
    expect((await derOf('Yard battery')).consent.until).toBe('2026-02-01')
    await panel.getByRole('button', { name: 'Move the DER' }).click()
    const dialog = page.getByRole('dialog')
    await dialog
      .getByText(/From Fri 16 Jan 2026 on Yard battery .* counts in no FU; until then in Dartford yard/)
      .waitFor()
    await dialog.getByRole('button', { name: 'Move the DER' }).click()
    await panel.getByText('Moved.').waitFor()
    const unit = (await units()).find((each: { name: string }) => each.name === 'Dartford yard')
    const { body } = await engineer.ask(operations.listMembers, { params: { id: unit.fuId } })
    expect(body.items).toMatchObject([{ derName: 'Yard battery', from: '2026-01-15', until: '2026-01-16' }])
  })
})

describe('people of the DNO', () => {
  test('see all DERs, and change none', async () => {
    const page = await scene.open(engineer, '/market/ders')
    await page.getByRole('row', { name: /^Islington depot chargers EV charging/ }).click()
    await page.getByText('not recorded, as for the FSP’s own assets').waitFor()
    for (const name of ['Record the consent', 'Move the DER'])
      expect(await page.getByRole('button', { name }).count()).toBe(0)
    expect(await page.getByRole('link', { name: 'Register a DER' }).count()).toBe(0)
  })
})

describe('DERs and FUs one by one', () => {
  test('are accessible by axe in light and dark, and fit into 400 px', async () => {
    const { derId } = await derOf('Yard battery')
    const unit = (await units()).find((each: { name: string }) => each.name === 'Dartford yard')
    await expectGoodScreens(await scene.open(hannah, '/market/ders'), [
      [`/market/ders?der=${derId}`, 'Market', 'Consent of its owner'],
      ['/market/new-der', 'Register a DER', 'Rated'],
      ['/market/new-unit', 'Register an FU', 'DERs in no FU'],
      [`/market/units?fu=${unit.fuId}`, 'Market', 'Change the constraints'],
    ])
    await expectGoodScreens(await scene.open(engineer, '/market/ders'), [['/market/ders', 'Market', 'Yard battery']])
  })
})
