import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../schemas/operations.ts'
import { customer } from '../../server/access/customers/tables.ts'
import { type CustomerScene, ownSite, startCustomer } from '../test/support/customer.ts'
import { expectGoodScreens } from '../test/support/portal.ts'

let scene: CustomerScene
let seededPlan: string

beforeAll(async () => {
  scene = await startCustomer()
  await scene.runPlans()
  const plans = (await scene.dana.ask(operations.listPlanAssets, { query: { kind: 'scenario' } })).body
  seededPlan = plans[0].assetId
}, 240_000)

const open = (path: string, who = scene.dana) => scene.open(who, `/planner${path}`)
const next = (page: Page, step: string) => page.getByRole('link', { name: `Next: ${step}` }).click()
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const field = (page: Page, name: string) => page.getByLabel(name, { exact: true })

/** An asset of the customer by its name. */
async function asset(name: string) {
  const all = (await scene.dana.ask(operations.listPlanAssets, { query: {} })).body
  return all.find((each: { name: string }) => each.name === name)
}

describe('a plan from its name to the application', () => {
  let planId: string

  test('SPT01 it begins with a site of the customer, whose agreed capacity is known', async () => {
    const page = await open('/plans')
    await page.getByRole('link', { name: 'New plan' }).click()
    await button(page, 'Begin').click()
    await page.getByText('Give the plan a name.').waitFor()
    await field(page, 'Name of the plan').fill('Six vans at Whitechapel')
    await field(page, 'Site').selectOption('Whitechapel (320 kVA agreed)')
    await button(page, 'Begin').click()
    await page.getByRole('heading', { name: 'Six vans at Whitechapel', level: 1 }).waitFor()
    expect(await field(page, 'Agreed capacity').inputValue()).toBe('320')
    await page.getByText('The load of Whitechapel is not known.').waitFor()
    planId = (await asset('Six vans at Whitechapel')).assetId
  })

  test('every field has its explanation tied to it, and more behind a button that the keyboard opens and Escape closes', async () => {
    const page = await open(`/plans/${planId}/site`)
    const capacity = field(page, 'Agreed capacity')
    await capacity.waitFor()
    const hint = await capacity.getAttribute('aria-describedby')
    expect(await page.locator(`[id="${hint}"]`).textContent()).toContain('On the electricity bill')
    const more = page.getByRole('button', { name: 'What is “Agreed capacity”?' })
    const explanation = page.getByText('A kVA is nearly a kW')
    expect(await explanation.isVisible()).toBe(false)
    await more.focus()
    await page.keyboard.press('Enter')
    await explanation.waitFor()
    await page.keyboard.press('Escape')
    await explanation.waitFor({ state: 'hidden' })
    const fields = page.locator('main form').first().locator('input')
    for (const each of await fields.all()) expect(await each.getAttribute('aria-describedby')).not.toBeNull()
  })

  test('the load of the site is stated, or uploaded with its gaps named; what is typed wrong is told beside its field', async () => {
    const page = await open(`/plans/${planId}/site`)
    await field(page, 'Highest load today').fill('a lot')
    await button(page, 'Save').click()
    await page.getByText('Give a number from 0 to 1000000.').waitFor()
    await field(page, 'Highest load today').fill('60')
    await button(page, 'Save').click()
    await page.getByText('No meter history is there, so 60 kW count at all times.').waitFor()
    const halfHours = Array.from({ length: 48 }, (_, i) => new Date(Date.UTC(2026, 0, 5, 0, 30 * i)).toISOString())
    const rows = halfHours.map((at, i) => `${at.replace('.000', '')},${i === 20 ? '' : i < 36 ? 10 : 20}`)
    const content = Buffer.from(['period_start,kwh', ...rows].join('\n'))
    await field(page, 'File with readings').setInputFiles({
      name: 'readings.csv',
      mimeType: 'text/csv',
      buffer: content,
    })
    await button(page, 'Upload the readings').click()
    await page.getByText('The readings have 1 gap').waitFor()
    await page.getByRole('img', { name: 'The site takes at most 40.0 kW without vehicles.' }).waitFor()
    await page.getByText('Table', { exact: true }).click()
    await expect.poll(() => page.getByRole('region', { name: /^Load without vehicles, by half-hour/ }).count()).toBe(1)
    await page.getByText('Mon to Fri', { exact: true }).click()
    const table = page.getByRole('region', { name: /^Load without vehicles, by half-hour/ }).getByRole('row')
    await expect.poll(() => table.count()).toBe(49)
  })

  test('vehicles: a group says when they leave, come back and how far they go; its charge points come with it', async () => {
    const page = await open(`/plans/${planId}/vehicles`)
    await button(page, 'Add a group').click()
    const panel = page.getByRole('complementary', { name: 'Details' })
    await panel.getByLabel('Name', { exact: true }).fill('Day round')
    await panel.getByLabel('Vehicles', { exact: true }).fill('6')
    await panel.getByLabel('Leave the site at').fill('07:30')
    await panel.getByLabel('Are back at').fill('16:00')
    await panel.getByLabel('Miles in a day', { exact: true }).fill('45')
    await panel.getByLabel('Saturday').check()
    await panel.getByRole('button', { name: 'Save', exact: true }).click()
    const row = page.getByRole('region', { name: 'Groups of vehicles' }).getByRole('row', { name: /^Day round/ })
    await row.waitFor()
    expect(await row.textContent()).toContain('Monday to Saturday')
    await next(page, 'Charge points')
    await page.getByText('6 vehicles, 6 sockets: everybody can plug in.').waitFor()
    await field(page, 'Wall box').fill('4')
    await page.getByText('6 vehicles share 4 sockets: some wait.').waitFor()
    await button(page, 'Save the numbers').click()
    await page.getByText('Saved.').waitFor()
    expect((await asset('Six vans at Whitechapel')).content.chargePoints).toMatchObject([{ count: 4 }])
  })

  test('costs: a tariff that was entered before is used, and a new one with a cheaper night', async () => {
    const page = await open(`/plans/${planId}/costs`)
    await field(page, 'Electricity: use').selectOption('Day and night')
    await expect
      .poll(async () => (await asset('Six vans at Whitechapel')).content.tariffId)
      .toBe((await asset('Day and night')).assetId)
    await field(page, 'Electricity: use').selectOption('Something new')
    await field(page, 'Price of electricity').fill('30')
    await button(page, 'Add a price').click()
    await button(page, 'Save: electricity').click()
    await page.getByText('Price 1: give a number of pence.').waitFor()
    await field(page, 'Price 1').fill('12.5')
    await button(page, 'Save: electricity').click()
    await expect
      .poll(async () => (await asset('Electricity for Six vans at Whitechapel'))?.content)
      .toMatchObject({ pencePerKwh: 30, bands: [{ from: '00:00', to: '07:00', pencePerKwh: 12.5 }] })
  })

  test('SPT01 SPT02 SPT03 SPT04 the scenarios are worked out, with their state, and a profile can be kept within', async () => {
    const page = await open(`/plans/${planId}/scenarios`)
    await field(page, 'Limits').selectOption('The same limit all day')
    await field(page, 'Limit all day').fill('70')
    await button(page, 'Save the limits').click()
    await page.getByText('The plan keeps within 70.0 kW at all times.').waitFor()
    await button(page, 'Work out all').click()
    await page.getByText('Waiting').first().waitFor()
    await page.getByRole('button', { name: 'Cancel: lowest cost' }).click()
    await page.getByText('Cancelled').waitFor()
    await scene.runPlans()
    await page.getByRole('link', { name: 'See the result: within a profile' }).click()
    await page.getByText('Every journey can be made.').waitFor()
    const { body } = await scene.dana.ask(operations.listPlanRuns, { query: { scenarioId: planId } })
    const run = (scenario: string) => body.find((each: { scenario: string }) => each.scenario === scenario)
    const { result } = (await scene.dana.ask(operations.readPlanRun, { params: { id: run('profile').runId } })).body
    await page
      .getByRole('img', { name: new RegExp(`at most ${result.peakKw.toFixed(1)} kW; the vehicles alone`) })
      .waitFor()
    await page.getByText('Your agreed capacity is enough.').waitFor()
    const [csv] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Week (CSV)' }).click(),
    ])
    expect(csv.suggestedFilename()).toMatch(/\.csv$/)
    const pdf = await page.getByRole('link', { name: 'Summary (PDF)' }).getAttribute('href')
    const answer = await page.request.get(`${scene.url}${pdf}`)
    expect([answer.status(), answer.headers()['content-type']]).toEqual([200, 'application/pdf'])
  })

  test('SPT05 results stand side by side with their differences, as figures and as lines of one chart', async () => {
    const page = await open(`/plans/${planId}/compare`)
    const rows = page.getByRole('region', { name: 'Comparison' }).getByRole('row')
    await expect.poll(() => rows.count()).toBe(5)
    expect(await rows.nth(1).textContent()).toContain('Without vehicles')
    expect(await rows.nth(2).textContent()).toMatch(/Unmanaged charging.*\(\+\d+\)/)
    await page.getByRole('img', { name: /Highest load: Without vehicles 40 kW, Unmanaged charging/ }).waitFor()
    await page.getByRole('checkbox', { name: /Six vans at Whitechapel: without vehicles/ }).uncheck()
    await expect.poll(() => rows.count()).toBe(4)
    await page.getByRole('checkbox', { name: /Fourteen vans: lowest peak/ }).check()
    await expect.poll(() => rows.count()).toBe(5)
    await page.getByRole('row', { name: /^Fourteen vans: lowest peak/ }).waitFor()
    await page.reload()
    await expect.poll(() => rows.count()).toBe(5)
  })

  test('SPT07 a result becomes an application for the site, which the planners of the DNO find', async () => {
    const page = await open(`/plans/${planId}/apply`)
    expect(await field(page, 'Site').locator('option:checked').textContent()).toBe('Whitechapel')
    await field(page, 'Margin').fill('80')
    await button(page, 'Apply for a profiled connection').click()
    await page.getByText('Give a number from 0 to 50.').waitFor()
    await field(page, 'Margin').fill('10')
    await field(page, 'Note').fill('Six vans from spring on.')
    await button(page, 'Apply for a profiled connection').click()
    await page.getByText('You have applied').waitFor()
    const planner = await scene.person('priya', 'planner')
    const { connectionId } = await ownSite(scene.dana, 'Whitechapel')
    const [applied] = (await planner.ask(operations.listProfiles, { query: { state: 'applied', connectionId } })).body
    expect(applied).toMatchObject({
      source: 'site-planning',
      note: expect.stringContaining('Six vans from spring on.'),
    })
    await page.getByRole('link', { name: 'page of the site' }).click()
    await page
      .getByRole('region', { name: 'Profiles and applications' })
      .getByText('Applied, awaiting decision')
      .waitFor()
  })
})

describe('what cannot be', () => {
  test('SPT06 a journey that cannot be made has its reason, and the nearest that can', async () => {
    const group = await asset('Early round')
    const { kind, name, content, etag, assetId } = group
    const body = { kind, name, content: { ...content, milesPerDay: 200 } }
    await scene.dana.ask(operations.savePlanAsset, { params: { assetId }, body, version: etag })
    const page = await open(`/plans/${seededPlan}/scenarios`)
    await page.getByRole('button', { name: 'Work out: unmanaged charging' }).click()
    await page.getByText('Waiting').waitFor()
    await scene.runPlans()
    await page.getByRole('link', { name: 'See the result: unmanaged charging' }).click()
    await page.getByText(/journeys cannot be made/).waitFor()
    const { body: runs } = await scene.dana.ask(operations.listPlanRuns, { query: { scenarioId: seededPlan } })
    const { result } = (await scene.dana.ask(operations.readPlanRun, { params: { id: runs[0].runId } })).body
    const [first] = result.impossible
    expect(first.reason).toBe('battery')
    await page.getByText(`the battery is too small for it`).first().waitFor()
    await page
      .getByText(`can go ${first.possibleMiles.toFixed(1)} miles`)
      .first()
      .waitFor()
    const now = await asset('Early round')
    await scene.dana.ask(operations.savePlanAsset, {
      params: { assetId },
      body: { kind, name, content },
      version: now.etag,
    })
  })

  test('a plan without vehicles says what is missing, and where', async () => {
    const page = await open('/plans/new')
    await field(page, 'Name of the plan').fill('Nothing yet')
    await field(page, 'Site').selectOption('Another place')
    await field(page, 'Name of the place').fill('A yard elsewhere')
    await button(page, 'Begin').click()
    await page.getByRole('navigation', { name: 'Steps of the plan' }).getByRole('link', { name: 'Scenarios' }).click()
    await page.getByText('The plan has no vehicles yet.').waitFor()
    await page.getByText('The load of the site is not known yet').waitFor()
    expect(await button(page, 'Work out all').isDisabled()).toBe(true)
    await page.getByRole('link', { name: 'Go to the vehicles' }).click()
    await button(page, 'Add a group').waitFor()
  })
})

describe('what a plan consists of', () => {
  test('somebody who has nothing yet begins with typical figures, named as such, and a site of no connection', async () => {
    const customerId = randomUUID()
    await scene.db.insert(customer).values({ customerId, name: 'Newcomer Ltd' })
    const nia = await scene.account({ username: 'nia', fullName: 'Nia Newcomer', roles: ['customer'], customerId })
    const page = await open('/', nia)
    await page.getByText('You have no sites on record yet.').waitFor()
    await page.goto(`${scene.url}/planner/plans/new`)
    await field(page, 'Name of the plan').fill('First vans')
    await field(page, 'Name of the place').fill('The yard')
    await button(page, 'Begin').click()
    await next(page, 'Vehicles')
    await button(page, 'Begin with typical figures').click()
    await button(page, 'Add a group').click()
    const panel = page.getByRole('complementary', { name: 'Details' })
    expect(await panel.getByLabel('Type of vehicle').locator('option:checked').textContent()).toBe('Van')
    await panel.getByRole('button', { name: 'Save', exact: true }).click()
    await panel.getByText('Give it a name.').waitFor()
    await panel.getByLabel('Name', { exact: true }).fill('Everybody')
    await panel.getByRole('button', { name: 'Save', exact: true }).click()
    await page
      .getByRole('region', { name: 'Groups of vehicles' })
      .getByRole('row', { name: /^Everybody/ })
      .waitFor()
    await page.getByRole('navigation', { name: 'Steps of the plan' }).getByRole('link', { name: 'Apply' }).click()
    await page.getByText('You have no site with this network operator on record').waitFor()
  })

  test('a group is taken out and used again; what is used anywhere is not removed, and it is said where', async () => {
    const page = await open(`/plans/${seededPlan}/vehicles`)
    const groups = page.getByRole('region', { name: 'Groups of vehicles' })
    const panel = page.getByRole('complementary', { name: 'Details' })
    await groups.getByRole('row', { name: /^Late round/ }).click()
    await panel.getByRole('button', { name: 'Take out of this plan' }).click()
    await groups.getByRole('row', { name: /^Late round/ }).waitFor({ state: 'detached' })
    await field(page, 'Group').selectOption('Late round')
    await button(page, 'Use it in this plan').click()
    await groups.getByRole('row', { name: /^Late round/ }).waitFor()
    await page
      .getByRole('region', { name: 'Types of vehicles' })
      .getByRole('row', { name: /^Large van/ })
      .click()
    await panel.getByRole('button', { name: 'Remove for good' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove for good' }).click()
    await page
      .getByRole('dialog')
      .getByText(/Large van is used by .*Late round/)
      .waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    await panel.getByRole('button', { name: 'Close details' }).click()
    await button(page, 'Add a type of vehicle').click()
    await panel.getByLabel('Name', { exact: true }).fill('Pick-up')
    await panel.getByRole('button', { name: 'Save', exact: true }).click()
    const types = page.getByRole('region', { name: 'Types of vehicles' })
    await types.getByRole('row', { name: /^Pick-up/ }).click()
    await panel.getByRole('button', { name: 'Remove for good' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove for good' }).click()
    await types.getByRole('row', { name: /^Pick-up/ }).waitFor({ state: 'detached' })
    expect(await asset('Pick-up')).toBeUndefined()
  })

  test('solar panels are an option with figures of their own, and the best charge points can be looked for', async () => {
    const page = await open(`/plans/${seededPlan}/scenarios`)
    await field(page, 'Solar panels').selectOption('Yes')
    await field(page, 'Area of the panels').fill('none')
    await button(page, 'Save the options').click()
    await page.getByText('Some fields must be corrected before this can be saved.').waitFor()
    await field(page, 'Area of the panels').fill('200')
    await button(page, 'Save the options').click()
    await expect.poll(async () => (await asset('Fourteen vans')).content.options.solar?.areaM2).toBe(200)
    await field(page, 'Number of charge points').selectOption('Look for the smallest connection')
    await page.getByRole('button', { name: 'Work out: unmanaged charging' }).click()
    await page.getByText('Waiting').waitFor()
    await scene.runPlans()
    await page.getByRole('link', { name: 'See the result: unmanaged charging' }).click()
    await page.getByRole('heading', { name: /^Best of \d+ ways to choose charge points/ }).waitFor()
    await page.getByRole('region', { name: 'Best charge points' }).getByRole('row').nth(1).waitFor()
  })
})

describe('two people', () => {
  test('who saves second sees both changes, and chooses; nothing is lost before that', async () => {
    const page = await open(`/plans/${seededPlan}/site`)
    await field(page, 'Agreed capacity').fill('150')
    const { kind, name, content, etag, assetId } = await asset('Islington')
    const theirs = { kind, name, content: { ...content, assumedPeakKw: 50 } }
    await scene.carl.ask(operations.savePlanAsset, { params: { assetId }, body: theirs, version: etag })
    await button(page, 'Save').click()
    await page.getByText('carl changed this while you were editing it').waitFor()
    const table = page.getByRole('region', { name: 'Both changes' })
    expect(await table.getByRole('row', { name: /^Agreed capacity/ }).textContent()).toBe(
      'Agreed capacity110 kVA110 kVA150 kVA',
    )
    expect(await table.getByRole('row', { name: /^Highest load today/ }).textContent()).toBe(
      'Highest load today45 kW50 kW45 kW',
    )
    expect((await asset('Islington')).content).toMatchObject({ ascKva: 110, assumedPeakKw: 50 })
    await button(page, 'Start again from theirs').click()
    await field(page, 'Agreed capacity').fill('150')
    await button(page, 'Save').click()
    await page.getByText('Saved.').waitFor()
    expect((await asset('Islington')).content).toMatchObject({ ascKva: 150, assumedPeakKw: 50 })
  })

  test('of two who each add to a plan at once, both additions stay', async () => {
    const page = await open(`/plans/${seededPlan}/vehicles`)
    await button(page, 'Add a group').click()
    await page.getByLabel('Name', { exact: true }).fill('Night round')
    const { kind, name, content, etag, assetId } = await asset('Fourteen vans')
    const profile = { weekday: [{ from: '00:00', limitW: 90_000 }], weekend: [{ from: '00:00', limitW: 90_000 }] }
    const body = { kind, name, content: { ...content, profile } }
    await scene.carl.ask(operations.savePlanAsset, { params: { assetId }, body, version: etag })
    await page
      .getByRole('complementary', { name: 'Details' })
      .getByRole('button', { name: 'Save', exact: true })
      .click()
    await page
      .getByRole('region', { name: 'Groups of vehicles' })
      .getByRole('row', { name: /^Night round/ })
      .waitFor()
    const now = await asset('Fourteen vans')
    expect(now.content).toMatchObject({ profile })
    expect(now.content.groupIds).toContain((await asset('Night round')).assetId)
  })

  test('unsaved edits are asked about before the page is left, and stay if one stays', async () => {
    const page = await open(`/plans/${seededPlan}/site`)
    await field(page, 'Space for charge points').fill('400')
    page.once('dialog', (dialog) => void dialog.dismiss())
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Help' }).click()
    expect(await field(page, 'Space for charge points').inputValue()).toBe('400')
    page.once('dialog', (dialog) => void dialog.accept())
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Help' }).click()
    await page.getByRole('heading', { name: 'Help', level: 1 }).waitFor()
    expect((await asset('Islington')).content.spaceM2).toBe(250)
  })
})

describe('help', () => {
  test('answers the first questions, and explains every word that is looked for', async () => {
    const page = await open('/help')
    await page.getByRole('link', { name: 'How do I plan for electric vehicles?' }).click()
    await page.getByText('An electricity bill, for the agreed capacity and the prices.', { exact: false }).waitFor()
    await page.getByRole('link', { name: 'words' }).click()
    await page.getByLabel('Search the words').fill('profiled')
    await page.getByText('A connection whose limit changes over the day', { exact: false }).waitFor()
    expect(await page.getByText('kW (kilowatt)').count()).toBe(0)
    await page.goto(`${scene.url}/planner/help/nonsense`)
    await page.getByText('There is no such page of help').waitFor()
  })
})

test('a plan is opened, a group changed and saved by keyboard alone', async () => {
  const page = await open('/plans')
  const row = page.getByRole('region', { name: 'Plans' }).getByRole('row', { name: /^Fourteen vans/ })
  await row.focus()
  await page.keyboard.press('Enter')
  const steps = page.getByRole('navigation', { name: 'Steps of the plan' })
  await steps.getByRole('link', { name: 'Vehicles' }).focus()
  await page.keyboard.press('Enter')
  await page
    .getByRole('region', { name: 'Groups of vehicles' })
    .getByRole('row', { name: /^Late round/ })
    .focus()
  await page.keyboard.press('Enter')
  const panel = page.getByRole('complementary', { name: 'Details' })
  await panel.getByLabel('Miles in a day', { exact: true }).focus()
  await page.keyboard.press('Control+a')
  await page.keyboard.type('44')
  await page.keyboard.press('Enter')
  await panel.waitFor({ state: 'detached' })
  expect((await asset('Late round')).content.milesPerDay).toBe(44)
})

test('its screens are accessible, in light and dark and on a narrow screen', async () => {
  const page = await open('/plans')
  const { body } = await scene.dana.ask(operations.listPlanRuns, { query: { scenarioId: seededPlan } })
  const finished = body.find((run: { state: string }) => run.state === 'finished')
  const group = (await asset('Early round')).assetId
  const plan = `/planner/plans/${seededPlan}`
  await expectGoodScreens(page, [
    ['/planner/plans', 'Plans', 'Fourteen vans'],
    ['/planner/plans/new', 'New plan', 'Name of the plan'],
    [`${plan}/site`, 'Fourteen vans', 'count at all times'],
    [`${plan}/vehicles`, 'Fourteen vans', 'Early round'],
    [`${plan}/vehicles?group=${group}`, 'Fourteen vans', 'Miles in a day'],
    [`${plan}/charge-points`, 'Fourteen vans', 'sockets'],
    [`${plan}/costs`, 'Fourteen vans', 'Price of electricity'],
    [`${plan}/scenarios`, 'Fourteen vans', 'Ways of charging'],
    [`${plan}/compare`, 'Fourteen vans', 'Needed kVA'],
    [`${plan}/apply`, 'Fourteen vans', 'What you apply for'],
    [`${plan}/runs/${finished.runId}`, 'Fourteen vans: ', 'What is needed'],
    ['/planner/help', 'Help', 'Questions'],
    ['/planner/help/planning', 'How do I plan for electric vehicles?', 'What you need'],
    ['/planner/help/words', 'Words', 'kVA (kilovolt-ampere)'],
  ])
}, 300_000)
