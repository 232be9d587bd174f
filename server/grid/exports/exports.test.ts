import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Instant, LocalDate } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import { makePartitions } from '../../../platform/db/index.ts'
import { operations } from '../../../schemas/operations.ts'
import { pathOf } from '../../../schemas/vocabulary/client.ts'
import type { Operation } from '../../../schemas/vocabulary/operation.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { memoryKept } from '../../../test/support/memory.ts'
import { startTestServer } from '../../../test/support/server.ts'
import { saveHub } from '../hubs/index.ts'
import { nodeHalfHours, requirePartitions } from '../telemetry/index.ts'
import { gatewaysOf } from '../test/support/gateways.ts'
import { reading } from '../test/support/readings.ts'
import { saveTestNetwork, saveTestSite, type TestSite } from '../test/support/site.ts'

const { db, url } = await createTestDatabase('server')
const noon = Instant.parse('2026-01-15T12:00:00Z')
await saveTestNetwork(db)
const server = await startTestServer(url, new SimulatedClock(noon))
const operator = await server.person('olivia', 'operator')
const nodeHub = '0b9a3a52-1f6e-4c55-9f0a-2a5a6f2c7d11'
let folder: string
let site: TestSite

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringmain-export-'))
  site = await saveTestSite(db, noon, { name: 'Depot 1' })
  await saveHub(db, noon, {
    hubId: nodeHub,
    name: 'Almeida St hub',
    connectionId: null,
    nodeId: 'sec',
    host: '127.0.0.1',
    port: 29_999,
    localAddress: 1,
    remoteAddress: 10,
    integrityPollS: 60,
    gatewayId: site.gatewayId,
    feeders: [],
  })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

type Query = Record<string, string>

/** Saves an answer as it arrives, so that the test holds no more of it than the server does. */
async function save(stated: Operation, query: Query, atPiece?: () => void): Promise<string> {
  const response = await fetch(`${server.url}${pathOf(stated, { query } as never)}`, { headers: operator.headers })
  expect(response.status).toBe(200)
  const file = join(folder, `${crypto.randomUUID()}.parquet`)
  const body = Readable.fromWeb(response.body as never).on('data', () => atPiece?.())
  await pipeline(body, createWriteStream(file))
  return file
}

async function readParquet(stated: Operation, query: Query) {
  const file = await asyncBufferFromFile(await save(stated, query))
  return parquetReadObjects({ file })
}

async function linesOf(stated: Operation, query: Query): Promise<string[]> {
  const { status, body } = await operator.ask(stated, { query })
  expect(status).toBe(200)
  return String(body).trimEnd().split('\r\n')
}

async function refusalOf(query: Query) {
  const { status, body } = await operator.ask(operations.exportHalfHoursParquet, { query })
  return [status, body.detail]
}

test('A21 measurements of a hub come back from Parquet and CSV as they were sent, null beside 0', async () => {
  const at = (s: number) => noon.plusSeconds(s)
  const readings = [
    reading(1, 'L1', 'active-power', 12_000.5, at(0), { deviceTime: at(0).minusMillis(400).toString() }),
    reading(1, 'L2', 'active-power', 0, at(0)),
    reading(1, 'L3', 'active-power', null, at(0), { quality: 'bad' }),
    reading(0, 'none', 'temperature', 21.5, at(60)),
    reading(1, 'L1', 'active-power', 99, at(120)),
  ]
  await gatewaysOf(server)(site.gatewayId).ask(operations.storeMeasurements, {
    body: { batches: [{ hubId: site.hubId, sequence: 7, readings }] },
  })
  // The reading at 12:02:00 is outside: `to` does not belong to the span.
  const query = { hubId: site.hubId, from: noon.toString(), to: at(120).toString() }
  const common = { hubId: site.hubId, hubName: 'Depot 1 hub', sequence: 7n }
  const power = {
    feeder: 1n,
    quantity: 'active-power',
    unit: 'W',
    deviceTime: null,
    receivedTime: new Date(noon.toString()),
  }
  const rows = [
    {
      ...common,
      ...power,
      phase: 'L1',
      value: 12_000.5,
      quality: 'good',
      deviceTime: new Date('2026-01-15T11:59:59.600Z'),
    },
    { ...common, ...power, phase: 'L2', value: 0, quality: 'good' },
    { ...common, ...power, phase: 'L3', value: null, quality: 'bad' },
    {
      ...common,
      feeder: 0n,
      phase: 'none',
      quantity: 'temperature',
      value: 21.5,
      unit: 'degC',
      quality: 'good',
      deviceTime: null,
      receivedTime: new Date('2026-01-15T12:01:00Z'),
    },
  ]
  expect(await readParquet(operations.exportMeasurementsParquet, query)).toEqual(rows)
  const { hubId: _, ...span } = query
  // The connection stands for the hub that measures it; without a choice all hubs are in it, and only this one has sent anything.
  expect(await readParquet(operations.exportMeasurementsParquet, { ...span, connectionId: site.connectionId })).toEqual(
    rows,
  )
  expect(await readParquet(operations.exportMeasurementsParquet, span)).toEqual(rows)
  expect(await readParquet(operations.exportMeasurementsParquet, { ...span, nodeId: 'sec' })).toEqual([])
  expect(await linesOf(operations.exportMeasurementsCsv, query)).toEqual([
    'hubId,hubName,feeder,phase,quantity,value,unit,quality,deviceTime,receivedTime,sequence',
    `${site.hubId},Depot 1 hub,1,L1,active-power,12000.5,W,good,2026-01-15T11:59:59.600Z,2026-01-15T12:00:00Z,7`,
    `${site.hubId},Depot 1 hub,1,L2,active-power,0,W,good,,2026-01-15T12:00:00Z,7`,
    `${site.hubId},Depot 1 hub,1,L3,active-power,,W,bad,,2026-01-15T12:00:00Z,7`,
    `${site.hubId},Depot 1 hub,0,none,temperature,21.5,degC,good,,2026-01-15T12:01:00Z,7`,
  ])
})

test('FM02 the day of 50 half-hours has 50 rows, the repeated hour apart by its offset, and by its hub the same as by its node', async () => {
  await requirePartitions(db, nodeHalfHours, [LocalDate.parse('2026-10-24'), LocalDate.parse('2026-10-25')])
  // 25 October begins at 23:00 UTC the day before and ends at 00:00 UTC: 50 half-hours, of 1 kW, 2 kW … 50 kW.
  await db.execute(sql`
    insert into node_half_hour (node_id, at, mean_w, max_w, energy_wh, completeness, quality, rolled_at, source, direction_known)
    select 'sec', '2026-10-24T23:00:00Z'::timestamptz + (n - 1) * interval '30 minutes', n * 1000, n * 1100, n * 500, 1, 'good',
      now(), case when n = 50 then 'uploaded' else 'measured' end, true
    from generate_series(1, 50) n`)
  const span = { from: '2026-10-24T23:00:00Z', to: '2026-10-26T00:00:00Z' }
  const rows = await readParquet(operations.exportHalfHoursParquet, { ...span, nodeId: 'sec' })
  expect(rows).toHaveLength(50)
  expect(rows[0]).toEqual({
    kind: 'node',
    id: 'sec',
    name: 'Almeida St',
    at: new Date('2026-10-24T23:00:00Z'),
    localTime: '2026-10-25T00:00+01:00',
    meanW: 1_000,
    maxW: 1_100,
    energyWh: 500,
    completeness: 1,
    quality: 'good',
    source: 'measured',
    direction: 'known',
  })
  expect(rows.slice(2, 6).map((row) => row['localTime'])).toEqual([
    '2026-10-25T01:00+01:00',
    '2026-10-25T01:30+01:00',
    '2026-10-25T01:00Z',
    '2026-10-25T01:30Z',
  ])
  // 500 Wh × (1 + 2 + … + 50) = 500 × 1,275 = 637,500 Wh.
  expect(rows.reduce((sum, row) => sum + row['energyWh'], 0)).toBe(637_500)
  expect(rows.at(-1)).toMatchObject({ localTime: '2026-10-25T23:30Z', meanW: 50_000, source: 'uploaded' })
  expect(await readParquet(operations.exportHalfHoursParquet, { ...span, hubId: nodeHub })).toEqual(rows)
  expect(await readParquet(operations.exportHalfHoursParquet, span)).toEqual(rows)
  expect(await readParquet(operations.exportHalfHoursParquet, { ...span, connectionId: site.connectionId })).toEqual([])
  const lines = await linesOf(operations.exportHalfHoursCsv, { ...span, nodeId: 'sec' })
  expect(lines).toHaveLength(51)
  expect(lines[50]).toBe(
    'node,sec,Almeida St,2026-10-25T23:30:00Z,2026-10-25T23:30Z,50000,55000,25000,1,good,uploaded,known',
  )
})

test('an export names one thing that exists, over a span of at most two years', async () => {
  const span = { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' }
  expect(await refusalOf({ ...span, nodeId: 'nowhere' })).toEqual([404, 'There is no node nowhere.'])
  expect(await refusalOf({ ...span, nodeId: 'sec', hubId: nodeHub })).toEqual([
    422,
    'nodeId: only one of nodeId, connectionId and hubId can be chosen.',
  ])
  const tooLong = [422, 'to: must be later than from, by no more than 732 days.']
  expect(await refusalOf({ from: '2024-01-01T00:00:00Z', to: '2026-01-03T00:00:00Z' })).toEqual(tooLong)
  expect(await refusalOf({ from: span.to, to: span.from })).toEqual(tooLong)
})

test('a million measurements pass through in bounded memory, each of them once, also with one time of receipt', async () => {
  await makePartitions(db, { table: 'measurement', grain: 'day' }, [LocalDate.parse('2026-01-10')])
  // Twenty thousand at a time have the same time of receipt, as the longest post has: more than one batch of rows.
  await db.execute(sql`
    insert into measurement (hub_id, feeder, phase, quantity, value, quality, received_time, sequence)
    select ${nodeHub}::uuid, 1, 'L1', 'active-power', n, 'good', '2026-01-10T00:00:00Z'::timestamptz + n / 20000 * interval '20 minutes', 1
    from generate_series(0, 999999) n`)
  await db.execute(sql`analyze measurement`)
  const [before, seen] = [memoryKept(), { pieces: 0, most: 0 }]
  const query = { nodeId: 'sec', from: '2026-01-10T00:00:00Z', to: '2026-01-11T00:00:00Z' }
  const saved = await save(operations.exportMeasurementsParquet, query, () => {
    if (seen.pieces++ % 25 === 0) seen.most = Math.max(seen.most, memoryKept() - before)
  })
  const file = await asyncBufferFromFile(saved)
  const metadata = await parquetMetadataAsync(file)
  expect([metadata.num_rows, metadata.row_groups.length]).toEqual([1_000_000n, 100])
  // As rows in memory they would take several hundred MB; a batch of ten thousand takes a few.
  expect(seen.pieces).toBeGreaterThan(100)
  expect(seen.most).toBeLessThan(60_000_000)
  const values = new Set<number>()
  for (let start = 0; start < 1_000_000; start += 100_000) {
    const rows = await parquetReadObjects({
      file,
      metadata,
      columns: ['value'],
      rowStart: start,
      rowEnd: start + 100_000,
    })
    for (const row of rows) values.add(row['value'])
  }
  expect(values.size).toBe(1_000_000)
})

test('an export whose caller goes away is not read on, holds no connection, and is no error', async () => {
  const scans = async () => {
    const [row] = await db.execute<{ n: number }>(sql`
      select coalesce(sum(idx_scan + seq_scan), 0)::int as n from pg_stat_user_tables where relname like 'measurement%'`)
    return row?.n ?? 0
  }
  const reading = async () => {
    const [row] = await db.execute<{ n: number }>(sql`
      select count(*)::int as n from pg_stat_activity
      where pid <> pg_backend_pid() and datname = current_database() and state <> 'idle' and query like '%measurement%'`)
    return row?.n ?? 0
  }
  await expect.poll(reading).toBe(0)
  const before = await scans()
  const query = { nodeId: 'sec', from: '2026-01-10T00:00:00Z', to: '2026-01-11T00:00:00Z' }
  const gone = new AbortController()
  const response = await fetch(`${server.url}${pathOf(operations.exportMeasurementsCsv, { query } as never)}`, {
    headers: operator.headers,
    signal: gone.signal,
  })
  const reader = response.body?.getReader()
  expect((await reader?.read())?.done).toBe(false)
  gone.abort()
  await expect.poll(reading).toBe(0)
  // PostgreSQL counts the scans of a session when it is idle, at the latest at its next statement; the whole export takes a hundred.
  await operator.ask(operations.exportHalfHoursCsv, { query: { ...query, nodeId: 'sec' } })
  await expect.poll(async () => (await scans()) > before).toBe(true)
  expect((await scans()) - before).toBeLessThan(50)
})
