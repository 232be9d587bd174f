import { readFile } from 'node:fs/promises'
import { parquetReadObjects } from 'hyparquet'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../../../schemas/operations.ts'
import { reading } from '../../../../server/grid/test/support/readings.ts'
import type { Client } from '../../../../test/support/client.ts'
import { type DepotsScene, ok, startDepots, startMetering } from '../../../test/support/depots.ts'

let scene: DepotsScene
let planner: Client
let hubId: string
let nodeId: string

beforeAll(async () => {
  scene = await startDepots('2026-01-15T09:00:00Z')
  planner = await scene.seeded('planner')
  const islington = scene.depot('Islington')
  if (islington.hubId === null) throw new Error('Islington has a hub')
  hubId = islington.hubId
  nodeId = islington.nodeId
  const at = scene.clock.now()
  await (await startMetering(scene)).send(hubId, [
    reading(1, 'L1', 'active-power', 12_000.5, at),
    reading(1, 'L2', 'active-power', null, at, { quality: 'bad' }),
  ])
  const text = `nodeId,at,meanW,maxW\n${nodeId},2026-01-13T17:00:00Z,310000,325000\n${nodeId},2026-01-14T17:00:00Z,300000,\n`
  await ok(planner.ask(operations.uploadLoadHistory, { text, query: { stamp: 'period-start' } }))
}, 180_000)

/** The file that a click brings. */
async function downloaded(page: Page, format: 'CSV' | 'Parquet'): Promise<Buffer> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: `Download ${format}` }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(format === 'CSV' ? /\.csv$/ : /\.parquet$/)
  return readFile(await download.path())
}

const rowsOf = (file: Buffer) =>
  parquetReadObjects({ file: file.buffer.slice(file.byteOffset, file.byteOffset + file.length) as ArrayBuffer })

test('A21: the half-hours of a node between two days are downloaded as CSV and as Parquet', {
  timeout: 60_000,
}, async () => {
  const page = await scene.open(planner, `/network/${nodeId}`)
  await page.getByLabel('From').fill('2026-01-14')
  await page.getByLabel('To, included').fill('2026-01-13')
  await page.getByText('The last day must not be before the first.').waitFor()
  expect(await page.getByRole('link', { name: 'Download CSV' }).count()).toBe(0)
  await page.getByLabel('To, included').fill('2026-01-14')
  const [heading = '', ...lines] = (await downloaded(page, 'CSV')).toString('utf8').trimEnd().split('\r\n')
  // The 13th is outside the span; without a maximum the mean is the highest known.
  expect(lines).toHaveLength(1)
  expect(heading).toContain('meanW')
  expect(lines[0]).toContain(nodeId)
  expect(lines[0]).toContain('2026-01-14T17:00:00')
  expect(lines[0]).toContain('300000')
  expect(await rowsOf(await downloaded(page, 'Parquet'))).toMatchObject([{ meanW: 300_000 }])
})

test('A21: the measurements of a hub, and of the connection that it measures, are downloaded with what was sent without a value', {
  timeout: 60_000,
}, async () => {
  const page = await scene.open(planner, `/hubs?hub=${hubId}`)
  await page.getByLabel('Data', { exact: true }).selectOption('Measurements')
  const sent = [
    { hubId, phase: 'L1', value: 12_000.5, unit: 'W', quality: 'good' },
    { hubId, phase: 'L2', value: null, unit: 'W', quality: 'bad' },
  ]
  expect(await rowsOf(await downloaded(page, 'Parquet'))).toMatchObject(sent)
  const lines = (await downloaded(page, 'CSV')).toString('utf8').trimEnd().split('\r\n')
  expect(lines).toHaveLength(3)
  expect(lines[1]).toContain('12000.5')

  await page.goto(`${scene.url}/connections/${scene.depot('Islington').connectionId}`)
  await page.getByLabel('Data', { exact: true }).selectOption('Measurements')
  expect(await rowsOf(await downloaded(page, 'Parquet'))).toMatchObject(sent)
})
