import { beforeAll, expect, test } from 'vitest'
import type { Experiment, ExperimentReport } from '../../../../schemas/dispatch/experiments.ts'
import { operations } from '../../../../schemas/operations.ts'
import { watchExperiments } from '../../../../server/dispatch/experiments/index.ts'
import { saveTestNetwork, saveTestSite } from '../../../../server/grid/test/support/site.ts'
import type { Client } from '../../../../test/support/client.ts'
import { ok } from '../../../test/support/depots.ts'
import { expectGoodScreens, type Portal, startPortal } from '../../../test/support/portal.ts'

let portal: Portal
let engineer: Client

beforeAll(async () => {
  portal = await startPortal('2026-01-15T16:00:00Z')
  const { db, clock } = portal.context
  await saveTestNetwork(db)
  await saveTestSite(db, clock.now(), { name: 'Islington' })
  engineer = await portal.person('erin', 'flexibility-engineer')
  const administrator = await portal.person('ada', 'administrator')
  const feed = { name: 'Weather', owner: 'Met Office', cadenceS: 600, format: 'JSON', amberS: 900, redS: 1_800 }
  const params = { id: 'weather' }
  await ok(
    administrator.ask(operations.registerFeed, { params, body: { ...feed, fields: { t: 'number' } }, version: null }),
  )
}, 180_000)

const all = async (): Promise<Experiment[]> => (await ok(engineer.ask(operations.listExperiments))).items
const first = async (): Promise<ExperimentReport> => {
  const [{ experimentId } = { experimentId: '' }] = await all()
  return ok(engineer.ask(operations.readExperiment, { params: { experimentId } }))
}

test('P15 an experiment is prepared, does not start while data are missing, is halted by its rule, and is concluded', {
  timeout: 180_000,
}, async () => {
  const page = await portal.open(engineer, '/planning')
  await page.getByRole('link', { name: 'Experiments' }).click()
  await page.getByText('No experiment has been prepared yet.').waitFor()
  await page.getByRole('link', { name: 'Prepare an experiment' }).click()
  await page.getByRole('button', { name: 'Prepare' }).click()
  await page.getByText('Say what is to be found out, and what counts as a success.').waitFor()
  await page.getByText('Choose a depot, or an FU below.').waitFor()
  await page.getByLabel('Name').fill('Evening turn-down')
  await page.getByLabel('First day').fill('2026-01-15')
  await page.getByLabel('Last day').fill('2026-01-14')
  await page.getByText('It ends before it begins.').waitFor()
  await page.getByLabel('Last day').fill('2026-01-20')
  await page.getByLabel('Purpose').fill('Whether the depot holds 40 kW less. Success: on 4 of 5 evenings.')
  await page.getByLabel('Add a depot').selectOption('Islington')
  await page.getByRole('button', { name: 'Remove Islington' }).waitFor()
  await page.getByLabel('Switches').fill('Fail-safe limits')
  await page.getByText('“Fail-safe limits” does not say how it is switched').waitFor()
  await page.getByLabel('Switches').fill('Fail-safe limits = on')
  await page.getByLabel('Measured half-hours').fill('')
  await page.getByLabel('Weather').check()
  await page.getByLabel('Most breaches').fill('3')
  await page.getByRole('button', { name: 'Prepare' }).click()

  await page.getByRole('heading', { name: 'Evening turn-down', level: 1 }).waitFor()
  await page.getByText('Weather has delivered nothing yet. It cannot start.').waitFor()
  await page.getByRole('button', { name: 'Start it' }).click()
  await page.getByRole('dialog').getByText('What was tried stays from now on').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Start it' }).click()
  await page.getByRole('dialog').getByText('Required data are missing: Weather has delivered nothing yet.').waitFor()
  const administrator = await portal.person('ada', 'administrator')
  const delivery = { params: { id: 'weather' }, body: { records: [{ t: 1 }] } }
  await ok(administrator.ask(operations.deliverToFeed, delivery))
  await page.getByRole('dialog').getByRole('button', { name: 'Start it' }).click()
  await page.getByText('It runs: 0 breaches and 0 failed instructions').waitFor()
  expect(await first()).toMatchObject({
    state: 'operation',
    switches: [{ name: 'Fail-safe limits', setting: 'on' }],
    requiredData: { feedIds: ['weather'], measuredPercent: null },
    haltRule: { mostBreaches: 3, mostFailedInstructions: null, onMissingData: true },
  })

  await watchExperiments(portal.context, portal.clock.now().plusSeconds(3_600))
  await page.reload()
  await page.getByText('Halted: required data are missing: Weather delivered last at').waitFor()
  await page.getByRole('button', { name: 'Resume it' }).click()
  await page.getByText('Say why: it stays with the experiment.').waitFor()
  await page.getByLabel('Reason').fill('The feed delivers again.')
  await page.getByRole('button', { name: 'Resume it' }).click()
  await page.getByText('It runs: 0 breaches').waitFor()
  await page.getByLabel('Reason').fill('Enough evenings.')
  await page.getByRole('button', { name: 'End it' }).click()
  await page.getByText('It has ended. It waits for its result.').waitFor()
  await page.getByLabel('Result').fill('On 5 of 5 evenings: a success.')
  await page.getByRole('button', { name: 'Conclude it' }).click()
  await page.getByText('It is concluded.').waitFor()
  expect(await first()).toMatchObject({ state: 'concluded', result: 'On 5 of 5 evenings: a success.' })
  await page.getByText(/Halted by the watch over experiments/).waitFor()
})

test('of two people who change an experiment the second is told, and loads what is stored', {
  timeout: 120_000,
}, async () => {
  const [{ connectionIds } = { connectionIds: [] }] = await all()
  const experimentId = crypto.randomUUID()
  const body = {
    name: 'Winter mornings',
    purpose: 'Mine',
    firstDay: '2026-01-16',
    lastDay: '2026-01-20',
    connectionIds,
    fuIds: [],
    switches: [],
    requiredData: { feedIds: [], measuredPercent: null },
    haltRule: { mostBreaches: null, mostFailedInstructions: null, onMissingData: false },
  }
  const params = { experimentId }
  await ok(engineer.ask(operations.saveExperiment, { params, body, version: null }))
  const page = await portal.open(engineer, `/experiments/${experimentId}/edit`)
  await page.getByLabel('Purpose').fill('Theirs')
  await ok(engineer.ask(operations.saveExperiment, { params, body: { ...body, purpose: 'Ours' }, version: '1' }))
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Someone else has changed this').waitFor()
  await page.getByRole('button', { name: 'Load the stored values' }).click()
  await expect.poll(() => page.getByLabel('Purpose').inputValue()).toBe('Ours')
})

test('the screens are accessible in light and dark, and fit into 400 px; others read experiments and change none', {
  timeout: 180_000,
}, async () => {
  const { experimentId } = await first()
  await expectGoodScreens(await portal.open(engineer, '/experiments'), [
    ['/experiments', 'Experiments', 'Winter mornings'],
    ['/experiments/new', 'Prepare an experiment', 'When it is halted by itself'],
    [`/experiments/${experimentId}`, 'Winter mornings', 'What is to be found out'],
  ])
  const page = await portal.open(await portal.person('olivia', 'operator'), `/experiments/${experimentId}`)
  await page.getByRole('heading', { name: 'Winter mornings', level: 1 }).waitFor()
  expect(await page.getByRole('button', { name: 'Start it' }).isDisabled()).toBe(true)
  await page.goto(`${portal.url}/experiments/new`)
  await page.getByText('This needs the role').waitFor()
})
