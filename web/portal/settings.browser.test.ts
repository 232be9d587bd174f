import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../schemas/operations.ts'
import { expectGoodScreens, type Portal, startPortal } from '../test/support/portal.ts'

let portal: Portal

beforeAll(async () => {
  portal = await startPortal('2026-03-02T08:00:00Z')
}, 180_000)

test('other figures are proposed by one person, approved by another, and shown with both', {
  timeout: 60_000,
}, async () => {
  const planner = await portal.person('pat', 'planner')
  const page = await portal.open(planner, '/settings')
  await page.getByRole('row', { name: /Capacity of nodes/ }).click()
  const field = page.getByLabel('power factor')
  await field.fill('0,9')
  await page.getByRole('button', { name: 'Propose these figures' }).click()
  await page.getByText('must be a number').waitFor()
  await field.fill('0.2')
  await page.getByRole('button', { name: 'Propose these figures' }).click()
  await page.getByRole('alert').getByText('nothing is changed').waitFor()
  await field.fill('0.9')
  await page.getByRole('button', { name: 'Propose these figures' }).click()
  await page.getByText('Change the figures of “Capacity of nodes”').waitFor()

  const second = await portal.person('petra', 'planner')
  const [waiting] = (await second.ask(operations.listProposals, { query: { state: 'waiting' } })).body.items
  const { proposalId, version } = waiting
  const approval = { params: { id: proposalId }, version, body: {} }
  expect((await second.ask(operations.approveProposal, approval)).status).toBe(200)
  await page.getByText('petra, version 1').waitFor()
  await page.getByText(/proposed by pat, approved by petra/).waitFor()
})

test('the settings are accessible by axe in light and dark, and fit into 400 px', { timeout: 60_000 }, async () => {
  const planner = await portal.person('paula', 'planner')
  const path = '/settings?setting=network.capacity'
  await expectGoodScreens(await portal.open(planner, path), [[path, 'Settings', 'What they decide']])
})
