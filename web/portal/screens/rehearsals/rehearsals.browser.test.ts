import { beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../../../schemas/operations.ts'
import type { Client } from '../../../../test/support/client.ts'
import { type DepotsScene, startDepots } from '../../../test/support/depots.ts'
import { type DepotFsp, registerDepotFsp } from '../../../test/support/fsps.ts'
import { expectGoodScreens } from '../../../test/support/portal.ts'

let scene: DepotsScene
let fsp: DepotFsp
let engineer: Client
let networkPath: string

const day = '2026-01-15'

beforeAll(async () => {
  scene = await startDepots(`${day}T09:00:00Z`)
  fsp = await registerDepotFsp(scene, 'Depot Flex Ltd', { Islington: 50_000, Dartford: 30_000, Camden: 20_000 })
  engineer = await scene.seeded('flex')
}, 180_000)

const manualOf = (depot: string) =>
  engineer.ask(operations.readDispatchSchedule, { params: { fuId: fsp.fuOf(depot), day, kind: 'manual' } })

describe('a flexibility engineer', () => {
  test('makes a pseudo-network, rehearses a need on it, reads the result and adopts it', async () => {
    const page = await scene.open(engineer, '/dispatch')
    await page.getByRole('link', { name: 'Rehearsals' }).click()
    await page.getByRole('link', { name: 'New pseudo-network' }).click()
    await page.getByRole('button', { name: 'Make the pseudo-network' }).click()
    await page.getByText('Give the network a name.').waitFor()
    await page.getByText('Put at least one FU at a node.').waitFor()
    await page.getByLabel('Name').first().fill('North and south')
    await page.getByRole('button', { name: 'Add a node' }).click()
    await page.getByRole('group', { name: 'Node 2' }).getByLabel('Name').fill('North')
    await page.getByLabel('Node of Dartford depot').selectOption('All FUs')
    await page.getByLabel('Find an FU or FSP').fill('Islington')
    await page.getByLabel('Node for all that are shown').selectOption('North')
    await page.getByRole('button', { name: 'Put 1 FU there' }).click()
    await page.getByText('2 FUs in it').waitFor()
    await page.getByRole('button', { name: 'Make the pseudo-network' }).click()
    await page.getByRole('heading', { name: 'North and south', level: 1 }).waitFor()
    await page
      .getByRole('row', { name: /^All FUs .*(Islington depot, Dartford depot|Dartford depot, Islington depot) 80\.0/ })
      .waitFor()
    networkPath = new URL(page.url()).pathname

    await page.getByRole('button', { name: 'Rehearse', exact: true }).click()
    await page.getByText('Enter a power in kW, more than 0 and at most 1,000,000.').waitFor()
    await page.getByLabel('Need at each topmost node').fill('60')
    await page.getByRole('button', { name: 'Rehearse', exact: true }).click()
    await page.getByText('The need is met in every quarter-hour.').waitFor()
    // Four hours of 60 kW, of whichever FU: their prices are not stated yet.
    await page.getByText(/^60\.0.kW of turn-down\. Chosen: 240\.0.kWh of turn-down for £0\.00/).waitFor()
    await page.getByRole('row', { name: /^Islington depot 16:00 to 20:00/ }).click()
    const panel = page.getByRole('complementary', { name: 'Details' })
    await panel.getByText('50.0 kW at most').waitFor()
    expect((await manualOf('Islington')).status).toBe(404)

    await page.getByRole('button', { name: 'Adopt as manual schedules' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(/manual schedule of 2 FUs for Thu 15 Jan 2026, 240\.0.kWh in all/).waitFor()
    await dialog.getByRole('button', { name: 'Adopt as manual schedules' }).click()
    await page.getByText(/^Adopted 15 Jan.* by flex$/).waitFor()
    const schedules = [(await manualOf('Islington')).body, (await manualOf('Dartford')).body]
    expect(schedules.reduce((sum, { values }) => sum + Number(values[68]), 0)).toBe(60_000)
    expect((await manualOf('Camden')).status).toBe(404)
  })

  test('sees what is short, and that every FU at once is not', async () => {
    const page = await scene.open(engineer, networkPath)
    await page.getByLabel('Need at each topmost node').fill('90')
    await page.getByLabel('Scenario').selectOption('Afternoon, 13:00 to 16:00')
    await page.getByRole('button', { name: 'Rehearse', exact: true }).click()
    await page.getByText(/^All FUs is 10\.0.kW short at 13:00/).waitFor()
    await page.getByLabel('Every FU at once, at full capacity').check()
    await page.getByRole('button', { name: 'Rehearse', exact: true }).click()
    await page.getByText(/^Every FU at full capacity, turn-down\. Chosen: 240\.0.kWh/).waitFor()
    expect(await page.getByRole('row', { name: /^Afternoon of Thu 15 Jan 2026/ }).count()).toBe(2)
  })

  test('is told that a name is taken, and asked before leaving what is not saved', async () => {
    const page = await scene.open(engineer, '/rehearsals/new')
    await page.getByLabel('Name').first().fill('North and south')
    await page.getByLabel('Node of Camden depot').selectOption('All FUs')
    await page.getByRole('button', { name: 'Make the pseudo-network' }).click()
    await page.getByText('There is already a pseudo-network called North and south.').waitFor()
    const asked: string[] = []
    page.on('dialog', (dialog) => {
      asked.push(dialog.message())
      void dialog.accept()
    })
    await page.getByRole('link', { name: 'All pseudo-networks' }).click()
    await page.getByRole('row', { name: /^North and south 2 2/ }).waitFor()
    expect(asked).toEqual(['What you entered is not saved. Leave anyway?'])
  })
})

describe('rehearsals before others', () => {
  test('are read by an operator, who cannot make, rehearse or adopt', async () => {
    const page = await scene.open(await scene.seeded('operator'), networkPath)
    const rehearse = page.getByRole('button', { name: 'Rehearse', exact: true })
    await page.getByRole('row', { name: /^Evening of Thu 15 Jan 2026/ }).waitFor()
    expect(await rehearse.isDisabled()).toBe(true)
    await page
      .getByRole('row', { name: /^Afternoon of Thu 15 Jan 2026/ })
      .first()
      .click()
    expect(await page.getByRole('button', { name: 'Adopt as manual schedules' }).isDisabled()).toBe(true)
    await page.getByRole('link', { name: 'All pseudo-networks' }).click()
    await page.getByRole('row', { name: /^North and south/ }).waitFor()
    expect(await page.getByRole('link', { name: 'New pseudo-network' }).count()).toBe(0)
  })
  test('are accessible by axe in light and dark, and fit into 400 px', async () => {
    const page = await scene.open(engineer, '/rehearsals')
    const [latest] = (
      await engineer.ask(operations.listRehearsals, { params: { id: networkPath.split('/').at(-1) ?? '' } })
    ).body.items
    const opened = `${networkPath}?rehearsal=${latest.rehearsalId}&fu=${fsp.fuOf('Islington')}`
    await expectGoodScreens(page, [
      ['/rehearsals', 'Rehearsals', 'North and south'],
      ['/rehearsals/new', 'New pseudo-network', 'Islington depot'],
      [opened, 'North and south', 'What it was chosen for'],
    ])
  })
})
