import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { contractedStarts, scheduleContracts } from '../../cli/demo/market.ts'
import { operations } from '../../schemas/operations.ts'
import { launchBrowser, type TestBrowser } from '../../web/test/support/browser.ts'
import { builtPortal } from '../../web/test/support/build.ts'
import { type Scenario, startScenario } from '../support/scenario.ts'

let scenario: Scenario
let browser: TestBrowser
let total = ''

/** A page of somebody who has logged in by the form, in front of the real server, with whatever the browser had to complain of. */
async function open(path: string): Promise<{ page: Page; complaints: string[] }> {
  const visitor = await browser.visit()
  const page = await visitor.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('401')) complaints.push(message.text())
  })
  await page.goto(`${scenario.system.server.url}${path}`)
  await page.getByLabel('User name').fill('flex')
  await page.getByLabel('Password', { exact: true }).fill('demo-flex')
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByRole('button', { name: /account of/ }).waitFor()
  return { page, complaints }
}

beforeAll(async () => {
  browser = await launchBrowser()
  const portalFolder = await builtPortal()
  scenario = await startScenario({ depotIds: ['islington', 'bexleyheath'], portalFolder })
  const { engineer, contracts, day } = scenario
  const asked = await scheduleContracts(engineer, contracts, day)
  expect(asked).toHaveLength(contracts.flatMap((contract) => contractedStarts(contract, day)).length)
  await scenario.passTo('17:20')
  const clerk = await scenario.person('settlement')
  const body = { fspId: contracts[0]?.fspId ?? '', product: 'A', month: '2026-01' } as const
  total = (await clerk.api.call(operations.prepareStatement, { body })).totalGbp
}, 240_000)

test('the overview shows every site with its live load against its limit, and follows the news', async () => {
  const { page, complaints } = await open('/')
  const rows = page.getByRole('region', { name: 'Sites' }).getByRole('row')
  await expect.poll(() => rows.count()).toBe(3)
  const site = page.getByRole('row', { name: /Islington/ })
  // Its charging goes close to the limit in force, which is the ASC here.
  expect(await site.textContent()).toMatch(/(Within limit|At risk)[\d.]+kW/)
  expect(await site.textContent()).toMatch(/Online/)
  // Limit, headroom and the turn-down in force, each with one decimal.
  expect(await site.textContent()).toMatch(/\d+\.\d\d+\.\d\d+\.\d(?=Online)/)
  const before = await site.textContent()
  await scenario.clock.advanceTo(scenario.clock.now().plusSeconds(120))
  await expect.poll(() => site.textContent(), { timeout: 15_000 }).not.toBe(before)
  expect(complaints).toEqual([])
})

test('NM01 a connection shows limit, load and the turn-down in force on one chart, and readings with quality and time', async () => {
  const islington = scenario.depots.find(({ depotId }) => depotId === 'islington')?.connectionId
  const { page, complaints } = await open(`/connections/${islington}`)
  await page.getByRole('heading', { name: 'Islington' }).waitFor()
  const chart = page.getByRole('img', { name: /^Import peaked at/ })
  await chart.waitFor()
  const rows = page.getByRole('region', { name: 'Latest readings' }).last().getByRole('row')
  await expect.poll(() => rows.count(), { timeout: 15_000 }).toBeGreaterThan(30)
  expect(complaints).toEqual([])
})

test('the dispatch board of the day shows what was requested, acknowledged and delivered', async () => {
  const { page, complaints } = await open('/dispatch')
  await page.getByRole('heading', { name: 'Dispatch' }).waitFor()
  for (const { fuName } of scenario.contracts) await page.getByText(fuName).first().waitFor()
  await page
    .getByText(/acknowledged/i)
    .first()
    .waitFor()
  expect(complaints).toEqual([])
})

test('FA10 the statement opens with its lines and its total', async () => {
  const { page, complaints } = await open('/settlement')
  await page.getByText('2026-01-A-0001').first().click()
  await page.getByText(`£${total}`).first().waitFor()
  expect(complaints).toEqual([])
})

test('the API describes itself, and the reference opens under the same safety policy', async () => {
  const { url } = scenario.system.server
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as { openapi: string; paths: object }
  expect(document.openapi).toBe('3.1.0')
  const { storeMeasurements, uploadReadings, listTenders } = operations
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining([storeMeasurements, uploadReadings, listTenders].map(({ path }) => path)),
  )
  const visitor = await browser.visit()
  const page = await visitor.newPage()
  await page.goto(`${url}/docs`)
  await page.getByText('Upload meter readings of an FU').first().waitFor()
  const policy = (await fetch(url)).headers.get('content-security-policy')
  expect(policy).toContain("default-src 'self'")
  const packed = await fetch(`${url}/openapi.json`, { headers: { 'accept-encoding': 'gzip' } })
  expect(packed.headers.get('content-encoding')).toBe('gzip')
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
  expect((await fetch(`${url}/readyz`)).status).toBe(200)
})
