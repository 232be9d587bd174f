import { beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../../../schemas/operations.ts'
import { type DemandScene, startDemand } from '../../../test/support/demand.ts'
import { ok } from '../../../test/support/depots.ts'
import { expectGoodScreens } from '../../../test/support/portal.ts'

let scene: DemandScene
/** A run that is done, and one by another method. */
let [runId, otherId] = ['', '']

beforeAll(async () => {
  scene = await startDemand()
  runId = await scene.networkRun()
  otherId = await scene.networkRun({ title: 'Growth, nearest', method: 'nearest' })
}, 180_000)

const open = (path: string, who = scene.planner) => scene.open(who, path)
const runs = async () => (await ok(scene.planner.ask(operations.listDemandRuns))).items

describe('a run of EV demand', () => {
  test('is started from the list with the defaults of its form, followed while it waits, and read once it is done', {
    timeout: 60_000,
  }, async () => {
    const page = await open('/')
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Planning' }).click()
    await page.getByText('EV demand: 2 runs').waitFor()
    await page.getByRole('link', { name: 'Run over the network' }).click()
    await page.getByLabel('Title').fill('To 2027')
    expect(await page.getByLabel('First year').inputValue()).toBe('2026')
    expect(await page.getByLabel('Last year').inputValue()).toBe('2027')
    await page.getByRole('button', { name: 'Start the run' }).click()
    await page.getByRole('heading', { name: 'To 2027', level: 1 }).waitFor()
    await page.getByText('It begins as soon as the runs before it are done.').waitFor()
    await scene.carryOut()
    await page.getByText('By 2027 EV demand exceeds the headroom').waitFor()
    expect(await runs()).toContainEqual(
      expect.objectContaining({ title: 'To 2027', state: 'done', requestedBy: 'priya' }),
    )
  })

  test('is not started with figures that cannot be: each is told at its field', { timeout: 60_000 }, async () => {
    const before = (await runs()).length
    const page = await open('/planning/new-run')
    await page.getByLabel('Title').fill(' ')
    await page.getByLabel('Last year').fill('2025')
    await page.getByLabel('Method').selectOption('Connectivity')
    await page.getByRole('button', { name: 'Start the run' }).click()
    await page.getByText('Enter a title, so that people can tell runs apart.').waitFor()
    await page.getByText('The last year must not be before the first.').waitFor()
    await page.getByText('This method needs one.').waitFor()
    await page.getByLabel('First year').fill('soon')
    await page.getByText('Enter a whole number from 2010 to 2100.').waitFor()
    expect(await runs()).toHaveLength(before)
  })

  test('is cancelled in two steps while it waits, and can be started again with the same figures', {
    timeout: 60_000,
  }, async () => {
    const { editions } = scene
    const body = {
      title: 'By mistake',
      areas: editions.areas,
      growth: editions.growth,
      method: 'nearest',
      toYear: 2026,
    }
    const waiting = await ok(scene.planner.ask(operations.startNetworkRun, { body }))
    const page = await open(`/planning/runs/${waiting.runId}`)
    await page.getByRole('button', { name: 'Cancel the run' }).click()
    await page.getByRole('dialog').getByText('Ends this run before it begins.').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the run' }).click()
    await page.getByText('It was cancelled and has no result.').waitFor()
    await page.getByRole('link', { name: 'Start one like it' }).click()
    expect(await page.getByLabel('Title').inputValue()).toBe('By mistake, again')
    expect(await page.getByLabel('Last year').inputValue()).toBe('2026')
    expect(await page.getByLabel('Method').inputValue()).toBe('nearest')
  })

  test('ranks its nodes, tells their figures of a year, and finds one by its name', { timeout: 60_000 }, async () => {
    const page = await open(`/planning/runs/${runId}`)
    const nodes = page.getByRole('region', { name: 'Nodes by rank' })
    await nodes.getByRole('row', { name: /^1 Almeida St Secondary substation 2027/ }).waitFor()
    const almeida = nodes.getByRole('row', { name: /Almeida St/ })
    expect(await almeida.textContent()).toContain('−240.0')
    expect(await nodes.getByRole('row', { name: /Upper St/ }).textContent()).toContain('never')
    await page.getByLabel('Figures of').selectOption('2026')
    await expect.poll(() => almeida.textContent()).toContain('660.0')
    await page.getByLabel('Search nodes').fill('upp')
    await expect.poll(() => nodes.getByRole('row').count()).toBe(2)
    await page.getByLabel('Search nodes').fill('')
    await page.getByLabel('Kind').selectOption('Grid supply point')
    await nodes.getByRole('row', { name: /City Road.*Not known/ }).waitFor()
  })

  test('shows a node year by year, as a chart told in words and as a table', { timeout: 60_000 }, async () => {
    const page = await open(`/planning/runs/${runId}`)
    await page.getByRole('link', { name: 'Almeida St' }).click()
    await page.getByRole('heading', { name: 'Almeida St', level: 1 }).waitFor()
    const words = /Exceeded first in 2027\. EV demand peaks at 1\.00 MW in 2027, up to 240\.0 kW over the headroom/
    await page.getByRole('img', { name: words }).waitFor()
    await page.getByText('Table', { exact: true }).click()
    const years = page.getByRole('region', { name: 'EV demand by year' })
    expect(await years.getByRole('row', { name: /^2026/ }).textContent()).toContain('660.0')
    expect(await years.getByRole('row', { name: /^2027/ }).textContent()).toContain('−240.0')
    // How a chart is shown is no step of its own.
    await page.goBack()
    await page.getByRole('heading', { name: 'Growth', level: 1 }).waitFor()
    await page.goto(`${scene.url}/network/sec`)
    await page.getByRole('heading', { name: 'EV demand by year' }).waitFor()
    await page.getByText(/EV demand peaks at .* in 2027/).waitFor()
    await page.getByRole('link', { name: /^By the run / }).click()
    await page.waitForURL(/\/planning\/runs\/.*\/nodes\/sec/)
  })
})

test('two runs stand side by side, where they disagree most first, and a node of both opens beside them', {
  timeout: 60_000,
}, async () => {
  const smallest = await scene.networkRun({ title: 'On primaries', level: 'primary' })
  const page = await open(`/planning/runs/${runId}`)
  await page.getByRole('link', { name: 'Compare with another run' }).click()
  await page.getByLabel('Second run').selectOption('On primaries')
  await page.getByText('at most 1.00 MW apart, at Almeida St').waitFor()
  const rows = page.getByRole('region', { name: 'Where two runs disagree most' }).getByRole('row')
  expect(await rows.nth(1).textContent()).toMatch(/^Almeida St2027.*not there/)
  await rows.nth(1).click()
  await page.getByText('gives nothing to this node').waitFor()
  await page.getByRole('link', { name: 'exceeded from 2027' }).waitFor()
  await page.getByLabel('Second run').selectOption('Growth, nearest')
  await page.getByText('both runs find the same peaks').waitFor()
  expect(new URL(page.url()).searchParams.get('other')).toBe(otherId)
  expect(smallest).not.toBe('')
})

describe('a requirement', () => {
  test('is costed beside reinforcement by the figures that are typed, with its assumptions and windows', {
    timeout: 60_000,
  }, async () => {
    const page = await open(`/planning/runs/${runId}/nodes/sec`)
    await page.getByLabel('Cost of reinforcement').fill('100000')
    await page.getByLabel('Life of the asset').fill('20')
    await page.getByLabel('Discount rate').fill('0')
    // 2027 has 104 winter weekdays that are not bank holidays: each 1.5 h × 0.24 MW × £10, and 0.31 MWh × £200.
    await page
      .getByText('Flexibility costs £6,822.40 in that year, £1,822.40 more than a year of reinforcement at £5,000.00.')
      .waitFor()
    await page.getByText('Flexibility is taken to deliver all of what is asked for.').waitFor()
    const windows = page.getByRole('region', { name: 'Windows needed' })
    expect(await windows.getByRole('row').nth(1).textContent()).toBe('WinterMon–Fri17:00 to 18:30240.0')
    await page.getByLabel('Discount rate').fill('none')
    await page.getByText('Enter a number from 0 to 50 (% a year).').waitFor()
    await page.getByLabel('Discount rate').fill('0')
    await page.getByLabel('Year', { exact: true }).selectOption('2026')
    await page.getByText('In 2026 EV demand stays within the headroom: nothing has to be bought.').waitFor()
    expect(await page.getByRole('button', { name: /^Draft a tender/ }).count()).toBe(0)
  })

  test('becomes a tender in one step, which shows the working that it keeps and is listed with the run', {
    timeout: 60_000,
  }, async () => {
    const page = await open(`/planning/runs/${runId}/nodes/sec`, scene.engineer)
    await page.getByRole('button', { name: 'Draft a tender for winter 2027' }).click()
    expect(await page.getByLabel('First day of service').inputValue()).toBe('2027-01-01')
    expect(await page.getByLabel('Last day of service').inputValue()).toBe('2027-03-31')
    await page.getByLabel('Last day of service').fill('2027-04-10')
    await page.getByRole('button', { name: 'Save the draft' }).click()
    await page.getByText('must be in winter, whose windows are asked for: 2027-04-01 is not').first().waitFor()
    await page.getByLabel('Last day of service').fill('2027-02-28')
    await page.getByRole('button', { name: 'Save the draft' }).click()
    await page.getByRole('heading', { name: 'Almeida St, winter 2027', level: 1 }).waitFor()
    await page.getByRole('heading', { name: 'Requirement from EV demand' }).waitFor()
    await page.getByText('Up to 240.0 kW of turn-down is needed in 2027.').waitFor()
    const { items } = await ok(scene.engineer.ask(operations.listTenders, { query: { demandRunId: runId } }))
    expect(items).toMatchObject([
      { state: 'draft', zoneNodeId: 'sec', windows: [{ from: '17:00', to: '18:30', requiredW: 240_000 }] },
    ])
    await page.getByRole('link', { name: 'Growth', exact: true }).click()
    await page.getByRole('heading', { name: 'Tenders drafted from this run' }).waitFor()
    await page.getByRole('link', { name: 'Almeida St, winter 2027' }).waitFor()
  })

  test('is not told where the headroom is unknown, nor to somebody without the role', { timeout: 60_000 }, async () => {
    const page = await open(`/planning/runs/${runId}/nodes/pri`)
    await page.getByText('What is needed here cannot be told before rating and load of this node are known.').waitFor()
    const other = await open(`/planning/runs/${runId}/nodes/sec`, await scene.person('oscar', 'operator'))
    await other.getByText('This needs the role planner or flexibility engineer.').waitFor()
  })
})

test('an operator reads runs, and reads why no run can be started', { timeout: 60_000 }, async () => {
  const page = await open('/planning', await scene.person('olivia', 'operator'))
  await page.getByRole('link', { name: 'Growth', exact: true }).waitFor()
  expect(await page.getByRole('link', { name: 'Editions' }).count()).toBe(0)
  await page.goto(`${scene.url}/planning/new-run`)
  await page.getByText('This needs the role planner.').waitFor()
})

test('the screens are accessible in light and dark, and fit into 400 px', { timeout: 180_000 }, async () => {
  const page = await open('/planning')
  await expectGoodScreens(page, [
    ['/planning', 'Planning', 'Growth, nearest'],
    ['/planning/new-run', 'Work out EV demand on the network', 'Off-street parking'],
    ['/planning/new-trip-run', 'Work out EV demand of trips', 'There are none: import trips'],
    [`/planning/runs/${runId}`, 'Growth', 'Almeida St'],
    [`/planning/runs/${runId}/nodes/sec`, 'Almeida St', 'Exceeded first in 2027'],
    [`/planning/runs/${runId}/nodes/sec?view=table`, 'Almeida St', 'Hours over'],
    [`/planning/comparison?node=sec`, 'Planning', 'Least headroom by year'],
  ])
})
