import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { operations } from '../../../schemas/operations.ts'
import { startGrid } from '../test/support/grid-day.ts'

/** A winter Thursday at noon: the profile allows 170 kW of import. */
const noon = Instant.parse('2026-01-15T12:00:00Z')

/** 50 kVA × 0.95 are 47.5 kW. */
const exporting = (exportKva?: number, hub = {}) =>
  startGrid(noon, ['Islington'], exportKva === undefined ? { hub } : { exportKva, hub })

test('TDB05 export above its limit is a breach of its own direction, after the delays of import, with its own alarm and report', async () => {
  const grid = await exporting(50)
  const { hubId, connectionId } = grid.site
  grid.setLoad(hubId, [-20_000, 0, 0])
  await grid.go(5)
  expect(await grid.connection()).toMatchObject({
    state: 'compliant',
    exportState: 'compliant',
    exportKva: 50,
    exportLimitW: 47_500,
    import: { importW: -20_000 },
  })
  // 46 kW are over 95 % of 47.5 kW, and the import side is at its best.
  grid.setLoad(hubId, [-46_000, 0, 0])
  await grid.go(2)
  expect(await grid.connection()).toMatchObject({ state: 'at-risk', exportState: 'at-risk' })
  grid.setLoad(hubId, [-80_000, 20_000, 0])
  await grid.go(1)
  expect(await grid.connection()).toMatchObject({ exportState: 'at-risk', openAlarms: 0 })
  await grid.go(1)
  expect(await grid.connection()).toMatchObject({ state: 'breach', exportState: 'breach', openAlarms: 1 })
  expect(await grid.alarms()).toMatchObject([
    {
      kind: 'export-breach',
      priority: 'high',
      state: 'unacknowledged',
      message: 'Islington exports 60.0 kW, 12.5 kW over the limit of 47.5 kW of its authorised export capacity.',
    },
  ])
  grid.setLoad(hubId, [-47_000, 0, 0])
  await grid.go(10)
  // Above 98 % of 47.5 kW the breach stays open.
  expect(await grid.connection()).toMatchObject({ state: 'breach' })
  grid.setLoad(hubId, [-20_000, 0, 0])
  await grid.go(7)
  expect(await grid.connection()).toMatchObject({ state: 'compliant', exportState: 'compliant' })
  expect(await grid.alarms()).toMatchObject([{ state: 'cleared-unacknowledged' }])
  const { items } = (await grid.operator.ask(operations.listBreaches, { query: { connectionId } })).body
  // Over since 12:08, so a breach from 12:09; from 12:10 the export is below the limit: 12.5 kW for a minute.
  expect(items).toMatchObject([
    {
      direction: 'export',
      start: '2026-01-15T12:09:00Z',
      limitW: 47_500,
      limitSource: 'export-capacity',
      peakExcessW: 12_500,
    },
  ])
  expect(items[0].excessWh).toBeCloseTo(12_500 / 60)
  expect(items[0].end).not.toBeNull()
  const { lines } = (await grid.operator.ask(operations.readComplianceReport, { params: { month: '2026-01' } })).body
  expect(lines).toMatchObject([
    { breaches: 0, peakExcessW: null, excessWh: 0, exportBreaches: 1, exportPeakExcessW: 12_500 },
  ])
  expect(lines[0].breachShare).toBeGreaterThan(0)
  const file = (await grid.operator.ask(operations.downloadComplianceCsv, { params: { month: '2026-01' } })).body
  expect(file.split('\r\n')[0]).toContain('exportBreaches,exportPeakExcessW,exportExcessWh')
  const day = (await grid.operator.ask(operations.readConnectionDay, { params: { id: connectionId } })).body
  expect(day).toMatchObject({ exportLimitW: 47_500, breaches: [{ direction: 'export' }] })
})

test('where no export capacity is stated nothing is limited and nothing claimed; 0 kVA allows no export', async () => {
  const plain = await exporting()
  plain.setLoad(plain.site.hubId, [-500_000, 0, 0])
  await plain.go(3)
  expect(await plain.connection()).toMatchObject({ state: 'compliant', exportState: null, exportLimitW: null })
  expect(await plain.alarms()).toEqual([])
  const none = await exporting(0)
  none.setLoad(none.site.hubId, [0, 0, 0])
  await none.go(2)
  expect(await none.connection()).toMatchObject({ state: 'compliant', exportState: 'compliant', exportLimitW: 0 })
  none.setLoad(none.site.hubId, [-1_000, 0, 0])
  await none.go(2)
  expect(await none.connection()).toMatchObject({ state: 'breach', exportState: 'breach' })
})

test('a current-only monitor proves no export: beyond what either way would be within the limit, the direction stays unknown', async () => {
  const grid = await exporting(50, { currentOnly: true })
  grid.setLoad(grid.site.hubId, [40_000, 0, 0])
  await grid.go(2)
  // At most 40 kW either way: below 95 % of both limits.
  expect(await grid.connection()).toMatchObject({ state: 'compliant', exportState: 'compliant' })
  grid.setLoad(grid.site.hubId, [60_000, 0, 0])
  await grid.go(3)
  expect(await grid.connection()).toMatchObject({ state: 'unknown', exportState: 'unknown' })
  expect(await grid.alarms()).toEqual([])
})

test('without data the export is unknown, and its breach neither ends nor grows; a capacity that is no longer stated ends it', async () => {
  const grid = await exporting(50)
  const { hubId, connectionId } = grid.site
  grid.setLoad(hubId, [-60_000, 0, 0])
  await grid.go(3)
  grid.setLoad(hubId, null)
  await grid.go(10)
  expect(await grid.connection()).toMatchObject({ state: 'unknown', exportState: 'unknown' })
  expect(await grid.alarms()).toContainEqual(
    expect.objectContaining({ kind: 'export-breach', state: 'unacknowledged' }),
  )
  await grid.db.$client`update connection set export_kva = null where connection_id = ${connectionId}`
  await grid.go(1)
  expect(await grid.alarms()).toContainEqual(
    expect.objectContaining({ kind: 'export-breach', state: 'cleared-unacknowledged' }),
  )
  const { items } = (await grid.operator.ask(operations.listBreaches, { query: { connectionId, open: 'true' } })).body
  expect(items).toEqual([])
  expect(await grid.connection()).toMatchObject({ exportState: null })
  expect(await grid.db.$client`select * from export_status`).toHaveLength(0)
})

test('a site may be in breach of both limits one after the other: each breach begins and ends by its own rules', async () => {
  const grid = await exporting(50)
  const { hubId, connectionId } = grid.site
  grid.setLoad(hubId, [-60_000, 0, 0])
  await grid.go(3)
  grid.setLoad(hubId, [200_000, 0, 0])
  await grid.go(3)
  // The export is under its limit, but not yet for five minutes.
  const open = (await grid.operator.ask(operations.listBreaches, { query: { connectionId, open: 'true' } })).body.items
  expect(open).toMatchObject([
    { direction: 'import', limitW: 170_000 },
    { direction: 'export', limitW: 47_500 },
  ])
  await grid.go(4)
  const left = (await grid.operator.ask(operations.listBreaches, { query: { connectionId, open: 'true' } })).body.items
  expect(left).toMatchObject([{ direction: 'import' }])
  expect((await grid.alarms()).map(({ kind, state }) => [kind, state]).sort()).toEqual([
    ['export-breach', 'cleared-unacknowledged'],
    ['limit-breach', 'unacknowledged'],
  ])
})
