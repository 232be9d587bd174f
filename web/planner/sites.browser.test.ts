import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../schemas/operations.ts'
import { customer } from '../../server/access/customers/tables.ts'
import { peoplePolicies } from '../../server/kit/index.ts'
import { type CustomerScene, customerPassword, ownSite, startCustomer } from '../test/support/customer.ts'
import { expectGoodScreens, startPortal } from '../test/support/portal.ts'

let scene: CustomerScene
let dartford: string
let islington: string

beforeAll(async () => {
  scene = await startCustomer()
  dartford = (await ownSite(scene.dana, 'Dartford')).connectionId
  islington = (await ownSite(scene.dana, 'Islington')).connectionId
}, 240_000)

const open = (path: string) => scene.open(scene.dana, `/planner${path}`)

describe('the way in', () => {
  async function logIn(path: string) {
    const page = await scene.open('stranger', path)
    await page.waitForURL(/interaction=/)
    await page.getByLabel('User name').fill('customer')
    await page.getByLabel('Password', { exact: true }).fill(customerPassword)
    await page.getByRole('button', { name: 'Log in' }).click()
    return page
  }

  test('a customer who logs in at the DNO’s portal comes to its own pages, and finds nothing of the DNO’s', async () => {
    const page = await logIn('/')
    await page.getByRole('heading', { name: 'Your sites', level: 1 }).waitFor()
    expect(page.url()).toBe(`${scene.url}/planner/`)
    await page.goto(`${scene.url}/network`)
    await page.getByRole('heading', { name: 'Your sites', level: 1 }).waitFor()
    expect(page.url()).toBe(`${scene.url}/planner/`)
  })

  test('an address of these pages leads through the log-in and back to it, and the account menu out', async () => {
    const page = await logIn(`/planner/sites/${dartford}?view=table`)
    await page.getByRole('heading', { name: 'Dartford', level: 1 }).waitFor()
    expect(new URL(page.url()).searchParams.get('view')).toBe('table')
    await page.getByRole('button', { name: /account of Dana Reeve/ }).click()
    await page.getByRole('menuitem', { name: 'Your account' }).click()
    await page.getByRole('heading', { name: 'Your account', level: 1 }).waitFor()
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Your sites' }).click()
    await page.getByRole('heading', { name: 'Your sites', level: 1 }).waitFor()
    await page.getByRole('button', { name: /account of Dana Reeve/ }).click()
    await page.getByRole('menuitem', { name: 'Log out' }).click()
    await page.getByLabel('User name').waitFor()
    await page.goto(`${scene.url}/planner/`)
    await page.getByLabel('User name').waitFor()
  })

  test('an account that needs a password of its own is led to where it chooses one', async () => {
    const strict = await startPortal('2026-01-15T09:00:00Z', { people: peoplePolicies.live })
    const customerId = randomUUID()
    await strict.db.insert(customer).values({ customerId, name: 'Royal Mail' })
    const given = { username: 'newcomer', fullName: 'Nia Newcomer', password: 'given by somebody else', customerId }
    const newcomer = await strict.account({ ...given, roles: ['customer'], isPasswordInitial: true })
    const page = await strict.open(newcomer, '/planner/applications')
    await page.getByRole('heading', { name: 'Choose your own password' }).waitFor()
  })

  test('an address of a site in an earlier mail still leads to it, and the DNO’s people are sent to their own pages', async () => {
    const page = await scene.open(scene.dana, `/my-sites/${islington}`)
    await page.getByRole('heading', { name: 'Islington', level: 1 }).waitFor()
    const planner = await scene.open(await scene.person('priya', 'planner'), '/planner/')
    await planner.getByText('These pages are for customers').waitFor()
    await planner.getByRole('link', { name: 'the portal' }).click()
    await planner.getByRole('heading', { name: 'Overview', level: 1 }).waitFor()
  })
})

describe('own sites', () => {
  test('the first page says in a sentence which site is over its limit and which is not known, and lists it first', async () => {
    const page = await open('/')
    await page.getByText('Dartford: over the limit. Camden: no fresh reading, so it is not known.').waitFor()
    const rows = page.getByRole('region', { name: 'Your sites' }).getByRole('row')
    expect(await rows.nth(1).textContent()).toMatch(/^DartfordOver limit/)
    expect(await rows.count()).toBe(10)
  })

  test('a site says in plain words how much is left, and shows the day as a chart and as a table', async () => {
    const page = await open('/')
    const { import: measured, limitW } = await ownSite(scene.dana, 'Islington')
    const kw = (powerW: number) => `${(powerW / 1_000).toFixed(1)}\u00a0kW`
    await page.getByRole('region', { name: 'Your sites' }).getByRole('link', { name: 'Islington' }).click()
    await page
      .getByText(
        `The site takes ${kw(measured.importW)} of your limit of ${kw(limitW)}: ${kw(limitW - measured.importW)} are left.`,
      )
      .waitFor()
    await page.getByRole('img', { name: /Import peaked at .* the limit was kept/ }).waitFor()
    await page.getByText('Table', { exact: true }).click()
    const rows = page.getByRole('region', { name: 'Import by quarter-hour' }).getByRole('row')
    await expect.poll(() => rows.count()).toBe(97)
    await page.getByRole('button', { name: 'Day before' }).click()
    await page.getByText('No import has been measured on this day.').waitFor()
    expect(new URL(page.url()).searchParams.get('day')).toContain('2026-01-14')
  })

  test('a site over its limit says by how much and what to do, when it was over, and how many days kept the limit', async () => {
    const page = await open(`/sites/${dartford}`)
    await page
      .getByRole('status')
      .or(page.getByRole('alert'))
      .getByText(/more than your limit of .* since 17:3\d/)
      .waitFor()
    await page.getByRole('region', { name: 'Times over the limit' }).getByText('ongoing').waitFor()
    await page
      .getByRole('img', { name: /Within the limit for .* of the time monitored, over it for .* on 1 day/ })
      .waitFor()
  })
})

describe('applications', () => {
  test('A11: it applies for a profile in a form, sees that it waits, and then the decision with its reason', async () => {
    const page = await open(`/sites/${islington}`)
    await page.getByRole('link', { name: 'Apply for a profile' }).click()
    await page.getByRole('heading', { name: 'New profile for Islington' }).waitFor()
    await page.getByLabel('Last day').fill('2027-12-31')
    await page.getByRole('button', { name: 'Apply', exact: true }).click()
    const table = page.getByRole('region', { name: 'Profiles and applications' })
    await table.getByText('Applied, awaiting decision').waitFor()
    await table.getByText('not decided yet').waitFor()
    const planner = await scene.person('priya', 'planner')
    const [applied] = (await planner.ask(operations.listProfiles, { query: { state: 'applied' } })).body
    expect(applied).toMatchObject({ connectionId: islington, source: 'customer', validTo: '2027-12-31' })
    const params = { id: applied.profileId }
    const body = { reason: 'The substation is replaced in May.' }
    await planner.ask(operations.rejectProfile, { params, body, version: applied.revision })
    await page.getByRole('link', { name: 'Applications' }).click()
    const row = page
      .getByRole('region', { name: 'Applications' })
      .getByRole('row', { name: /^Islington/ })
      .first()
    await row.getByText('Rejected').waitFor()
    await row.getByText(/The substation is replaced in May\./).waitFor()
  })
})

test('its screens are accessible, in light and dark and on a narrow screen', async () => {
  const page = await open('/')
  await expectGoodScreens(page, [
    ['/planner/', 'Your sites', 'Dartford: over the limit.'],
    [`/planner/sites/${dartford}`, 'Dartford', 'Limit in force'],
    [`/planner/sites/${islington}/apply`, 'New profile for Islington', 'Last day'],
    ['/planner/applications', 'Applications', 'Islington'],
  ])
  const width = Number(await page.evaluate('document.documentElement.scrollWidth'))
  expect(width).toBeLessThanOrEqual(1280)
}, 120_000)
