import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../../../../schemas/operations.ts'
import type { Client } from '../../../../../test/support/client.ts'
import { approveWaiting } from '../../../../../test/support/second-person.ts'
import { expectGoodScreens, type Portal, startPortal } from '../../../../test/support/portal.ts'

let portal: Portal
let engineer: Client

beforeAll(async () => {
  portal = await startPortal('2026-03-02T08:00:00Z')
  engineer = await portal.person('flora', 'flexibility-engineer')
}, 180_000)

const fsps = async () => (await engineer.ask(operations.listFsps, {})).body.items

test('an engineer registers an FSP, passes its secret on, and a second person lets it in', {
  timeout: 90_000,
}, async () => {
  const page = await portal.open(engineer, '/market/fsps')
  await page.getByText('No FSP has applied yet.').waitFor()
  await page.getByRole('link', { name: 'Register an FSP' }).click()
  await page.getByRole('button', { name: 'Register' }).click()
  await page.getByText('Enter its address, such as https://flex.example/control.').waitFor()
  await page.getByLabel('Company').fill('Depot Charging Ltd')
  await page.getByLabel('Contact').fill('Duty desk')
  await page.getByLabel('E-mail').fill('desk@flex.example')
  await page.getByLabel('Control API').fill('https://flex.example/control')
  await page.getByLabel('Its token endpoint').fill('https://flex.example/oidc/token')
  await page.getByLabel('The DNO’s client there').fill('dno')
  await page.getByRole('button', { name: 'Register' }).click()
  await page.getByText('The secret is shown only this once').waitFor()
  const secret = (await page.locator('dd code').nth(1).textContent()) ?? ''
  await page.getByRole('link', { name: 'Decide on the application' }).click()
  await page.getByRole('button', { name: 'Accept' }).click()
  await page.getByText('Waiting for a second person').waitFor()
  const [{ fspId, status }] = await fsps()
  expect(status).toBe('applied')
  await approveWaiting(await portal.person('felix', 'flexibility-engineer'), fspId)
  await page.getByText('Nothing was sent to it today').waitFor()
  await page.getByText('Administrators see its keys and secrets, and their ends.').waitFor()
  const client = await portal.tokenClient(`fsp-${fspId}`, secret, 'market')
  expect((await client.ask(operations.listFsps, {})).body.items).toMatchObject([{ companyName: 'Depot Charging Ltd' }])
})

test('an administrator sees there until when the FSP can authenticate, and goes on to its keys', {
  timeout: 60_000,
}, async () => {
  const [{ fspId }] = await fsps()
  const page = await portal.open(await portal.person('ada', 'administrator'), `/market/fsps?fsp=${fspId}`)
  await page.getByText(/The secret [0-9a-f]{8} ends/).waitFor()
  await page.getByRole('link', { name: 'Its keys and secrets' }).click()
  await page.getByRole('heading', { name: 'API clients' }).waitFor()
  await page.getByRole('complementary').getByText('Depot Charging Ltd').waitFor()
  await expectGoodScreens(page, [
    [`/market/fsps?fsp=${fspId}`, 'Market', 'Its API clients here'],
    ['/market/new-fsp', 'Register an FSP', 'Nothing is sent to it'],
  ])
})
