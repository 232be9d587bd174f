import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../../../../schemas/operations.ts'
import type { Client } from '../../../../../test/support/client.ts'
import { eveningTender } from '../../../../../test/support/market.ts'
import { agreed } from '../../../../../test/support/second-person.ts'
import { listedTimetable } from '../../../../../test/support/timetables.ts'
import { type DepotsScene, ok, startDepots } from '../../../../test/support/depots.ts'
import { type DepotFsp, registerDepotFsp } from '../../../../test/support/fsps.ts'
import { expectGoodScreens } from '../../../../test/support/portal.ts'

let scene: DepotsScene
let engineer: Client
let second: Client
let depotFlex: DepotFsp

/** An FSP with a standing contract for product C on weekday afternoons. */
beforeAll(async () => {
  scene = await startDepots('2026-01-12T09:00:00Z')
  engineer = await scene.seeded('flex')
  second = await scene.seeded('flex2')
  depotFlex = await registerDepotFsp(scene, 'Depot Flex Ltd', { Islington: 35_000 })
  const [{ weekdays } = { weekdays: [] }] = eveningTender({}).windows
  await agreed(
    second,
    engineer.ask(operations.enterStandingContract, {
      body: {
        ...(operations.enterStandingContract.body.meta()?.['example'] as object),
        fuId: depotFlex.fuOf('Islington'),
        product: 'C',
        turnDownW: 30_000,
        validFrom: '2026-01-12',
        validTo: '2026-03-27',
        windows: [{ weekdays, from: '14:00', to: '18:00' }],
      },
    }),
  )
}, 180_000)

test('an engineer sees which windows are never instructed, and gives the contract windows and gates of its own, which a second person approves', {
  timeout: 60_000,
}, async () => {
  const page = await scene.open(engineer, '/market/timetables')
  await page.getByText('Contract of Islington depot, product C: Mon–Fri 15:00 to 18:00').waitFor()
  await page.getByRole('row', { name: /^C The whole product/ }).click()
  await page.getByLabel('For', { exact: true }).selectOption('contract')
  await page.getByLabel('Windows, one per line').fill('12:00 for 14:00 to half past')
  await page.getByLabel('Deviation until').fill('15 min before')
  await page.getByRole('button', { name: 'Propose this timetable' }).click()
  await page.getByText('must have one window per line').waitFor()
  await page.getByLabel('Windows, one per line').fill('12:00 for 14:00 to 14:30\n15:00 for 17:00 to 18:00')
  await page.getByRole('button', { name: 'Propose this timetable' }).click()
  await expect.poll(async () => (await waiting()).length).toBe(1)
  const [proposal] = await waiting()
  expect(proposal.title).toContain('for the contract of')
  await agreed(second, { status: 200, body: proposal, headers: new Headers() })
  await page.getByRole('row', { name: /12:00 for 14:00 to 14:30; 15:00 for 17:00 to 18:00/ }).waitFor()
  await page.getByRole('link', { name: 'Contract of Islington depot' }).click()
  await page.getByText('No timetable issues Mon–Fri 14:30 to 17:00.').waitFor()
  await page.goBack()
  await page.getByText('12 Jan 11:45 for 14:00 to 14:30; 12 Jan 14:45 for 17:00 to 18:00').waitFor()
})

test('a person of an FSP sees the timetable and the gates of the own contracts, and changes nothing', {
  timeout: 60_000,
}, async () => {
  const person = await scene.account({
    username: 'fay.flex',
    fullName: 'Fay Flex',
    roles: ['fsp-user'],
    fspId: depotFlex.fspId,
  })
  const path = '/market/timetables'
  const page = await scene.open(person, path)
  await page.getByRole('row', { name: /C Contract of/ }).click()
  await page.getByText('15 min before it is sent', { exact: true }).waitFor()
  expect(await page.getByRole('button', { name: 'Propose this timetable' }).count()).toBe(0)
  expect((await listedTimetable(person, 'C'))?.settings).toBeTruthy()
})

test('the timetables are accessible by axe in light and dark, and fit into 400 px', { timeout: 60_000 }, async () => {
  const path = '/market/timetables?timetable=B'
  await expectGoodScreens(await scene.open(engineer, path), [[path, 'Market', 'Instructions go out']])
})

const waiting = async () => (await ok(second.ask(operations.listProposals, { query: { state: 'waiting' } }))).items
