import { connect, createServer, type Server, type Socket } from 'node:net'
import { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { beforeAll, expect, test } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { createDatabase, migrateDatabase } from '../../platform/db/index.ts'
import { operations } from '../../schemas/operations.ts'
import { atEnd } from '../../test/support/cleanup.ts'
import type { Client } from '../../test/support/client.ts'
import { startTestServer, type TestServer } from '../../test/support/server.ts'
import { type Standby, startPrimary, startStandby } from '../../test/support/standby.ts'
import { saveNode } from '../grid/index.ts'
import { serverGrants, serverMigrations } from './migrations.ts'

/** The way to the standby, which can be cut and mended while it keeps its address. */
class Way {
  readonly #target: number
  readonly #sockets = new Set<Socket>()
  #server: Server | null = null
  port = 0

  constructor(target: number) {
    this.#target = target
  }

  async open(): Promise<void> {
    this.#server = createServer((from) => {
      const to = connect(this.#target, '127.0.0.1')
      for (const [one, other] of [[from, to] as const, [to, from] as const]) {
        this.#sockets.add(one)
        one.pipe(other)
        one.on('error', () => other.destroy()).on('close', () => other.destroy())
      }
    })
    await new Promise<void>((resolve) => this.#server?.listen(this.port, '127.0.0.1', resolve))
    const address = this.#server.address()
    if (address && typeof address === 'object') this.port = address.port
  }

  async cut(): Promise<void> {
    const closed = new Promise((resolve) => this.#server?.close(resolve))
    for (const socket of this.#sockets) socket.destroy()
    this.#sockets.clear()
    await closed
  }
}

const clock = new SimulatedClock(Instant.parse('2026-01-15T12:00:00Z'))
let standby: Standby
let way: Way
let server: TestServer
let engineer: Client
/** Of a server that takes no answer that is behind at all. */
let strict: Client

beforeAll(async () => {
  const primary = await startPrimary()
  await createDatabase(primary.cluster.url(), 'ringmain')
  const databaseUrl = primary.cluster.url('ringmain')
  await migrateDatabase(databaseUrl, serverMigrations, serverGrants)
  standby = await startStandby(primary)
  const address = new URL(standby.url('ringmain'))
  way = new Way(Number(address.port))
  await way.open()
  atEnd(() => way.cut())
  address.port = String(way.port)
  server = await startTestServer(databaseUrl, clock, { replica: { url: address.toString(), maxLagS: 3_600 } })
  const other = await startTestServer(databaseUrl, clock, { replica: { url: address.toString(), maxLagS: 0 } })
  engineer = await server.person('engineer', 'planner')
  strict = await other.person('other', 'planner')
  const common = { ratingWinterKva: null, ratingSummerKva: null, easting: null, northing: null }
  await saveNode(server.context.db, {
    nodeId: 'gsp',
    name: 'GSP',
    kind: 'gsp',
    parentId: null,
    licenceArea: 'LPN',
    ...common,
  })
}, 120_000)

/** Where the report of January was read, and the names of the connections in it. */
async function report(of: Client) {
  const { status, headers, body } = await of.ask(operations.readComplianceReport, { params: { month: '2026-01' } })
  expect(status).toBe(200)
  const names = body.lines.map((line: { name: string }) => line.name)
  return { from: headers.get('ringmain-read-from')?.split(';')[0], names }
}

async function addConnection(name: string): Promise<void> {
  await server.context.db.execute(sql`
    insert into connection (connection_id, name, customer, address, licence_area, node_id, asc_kva, power_factor)
    values (gen_random_uuid(), ${name}, '', '', 'LPN', 'gsp', 100, 1)`)
}

test('a report is read from the replica, and says so; what it may not lag behind is read from the primary', async () => {
  await standby.pause()
  await addConnection('Kiln Lane')
  expect(await report(engineer)).toEqual({ from: 'replica', names: [] })
  expect(await report(strict)).toEqual({ from: 'primary', names: ['Kiln Lane'] })
  await standby.resume()
  await standby.caughtUp()
  expect(await report(engineer)).toEqual({ from: 'replica', names: ['Kiln Lane'] })
})

test('what is no report is read from the primary, and says nothing of it', async () => {
  const { status, headers } = await engineer.ask(operations.listConnections)
  expect([status, headers.get('ringmain-read-from')]).toEqual([200, null])
})

test('while the replica cannot be reached reports are read from the primary, and from the replica again when it is back', async () => {
  await way.cut()
  expect(await report(engineer)).toEqual({ from: 'primary', names: ['Kiln Lane'] })
  await way.open()
  // It is left alone for 10 s.
  expect((await report(engineer)).from).toBe('primary')
  clock.advanceTo(clock.now().plusSeconds(11))
  expect((await report(engineer)).from).toBe('replica')
})

test('every report is a read', () => {
  const reports = Object.entries(operations).filter(([, stated]) => 'mayLag' in stated)
  expect(reports.filter(([, { method }]) => method !== 'get')).toEqual([])
  expect(reports.map(([name]) => name).sort()).toMatchInlineSnapshot(`
    [
      "compareBaselines",
      "downloadAuditCsv",
      "downloadComplianceCsv",
      "downloadCompliancePdf",
      "downloadSchedules",
      "exportNetwork",
      "listCompleteness",
      "listDelivery",
      "readComplianceReport",
      "readConnectionCompliance",
      "readConnectionHalfHours",
      "readFleetCompliance",
      "readMeterEvidence",
      "readNodeHalfHours",
      "readStatementCsv",
      "readStatementPdf",
    ]
  `)
})
