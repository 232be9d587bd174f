import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import { afterAll, expect, test, vi } from 'vitest'
import { parseLine } from '../../dnp3-gateway/delivery/records.ts'
import {
  createOutstation,
  listenTcpOutstation,
  type Outstation,
  type OutstationListener,
} from '../../dnp3-gateway/dnp3/index.ts'
import { startRelay } from '../../dnp3-gateway/simulator/relay.ts'
import { SystemClock } from '../../platform/clock/index.ts'
import type { MappedPoint } from '../../schemas/grid/gateway.ts'
import { operations } from '../../schemas/operations.ts'
import type { Operation } from '../../schemas/vocabulary/operation.ts'
import { saveClient } from '../../server/access/index.ts'
import { saveNode } from '../../server/grid/index.ts'
import { createTestDatabase } from '../support/database.ts'
import { agreed, secondPerson } from '../support/second-person.ts'
import { startTestServer } from '../support/server.ts'

const database = await createTestDatabase('server')
const clock = new SystemClock((_, error) => {
  throw error
})
const folder = await mkdtemp(join(tmpdir(), 'ringmain-gateways-'))
const children = new Set<ChildProcess>()
const listeners: OutstationListener[] = []
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  for (const listener of listeners) await listener.close()
  await rm(folder, { recursive: true, force: true })
})

const server = await startTestServer(database.url, clock)
const { db } = server.context
const cli = fileURLToPath(new URL('../../cli/main.ts', import.meta.url))
const secret = 'a secret of the two gateways'

/** A gateway as it is really started, a process of its own. */
function startGateway(id: string, serverUrl: string): ChildProcess {
  const child = spawn(process.execPath, [cli, 'gateway', '--server', serverUrl, '--id', id], {
    env: {
      ...process.env,
      RINGMAIN_LOG_LEVEL: 'fatal',
      RINGMAIN_GATEWAY_SECRET: secret,
      RINGMAIN_DATA: folder,
      RINGMAIN_SPOOL: join(folder, id),
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  children.add(child)
  child.once('exit', () => children.delete(child))
  return child
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}

/** A hub with one analogue input that reports every change as an event, numbered from 1 on. */
class CountingHub {
  readonly hubId = randomUUID()
  readonly outstation: Outstation = createOutstation({
    address: 10,
    points: [{ type: 'analog', index: 0, eventClass: 1, deadband: 0 }],
    maxEventsPerClass: 10_000,
  })
  port = 0
  last = 0

  async listen(): Promise<void> {
    const listener = await listenTcpOutstation(this.outstation, { host: '127.0.0.1', port: 0 })
    listeners.push(listener)
    this.port = listener.port
  }

  change(): void {
    this.outstation.update('analog', 0, ++this.last, { flags: 1 })
  }
}

const pointMap: MappedPoint = { group: 30, index: 0, feeder: 1, phase: 'L1', quantity: 'current', scale: 1 }
const leaseS = 4

async function makePool(hubs: readonly CountingHub[]): Promise<void> {
  const operator = await server.person('olivia', 'operator')
  await saveNode(db, {
    nodeId: 'n',
    name: 'Node',
    kind: 'secondary',
    parentId: null,
    licenceArea: 'LPN',
    easting: null,
    northing: null,
    ratingWinterKva: 800,
    ratingSummerKva: 700,
  })
  for (const clientId of ['north-1', 'north-2'])
    await saveClient(db, {
      clientId,
      kind: 'gateway',
      subjectId: clientId,
      scopes: ['gateway'],
      active: true,
      authentication: { method: 'client_secret_basic', secret },
    })
  const save = async (operation: Operation, params: Record<string, string>, body: object) => {
    const saved = await operator.ask(operation, { params, body, version: null })
    expect(saved).toMatchObject({ status: 200 })
    return saved
  }
  const counting = await save(operations.savePointMap, { name: 'counting' }, { points: [pointMap] })
  await agreed(await secondPerson(server), counting)
  await save(operations.savePool, { name: 'north' }, { leaseS, gateways: ['north-1', 'north-2'] })
  for (const [n, { hubId, port }] of hubs.entries())
    await save(
      operations.registerHub,
      { id: hubId },
      {
        name: `Counting hub ${n + 1}`,
        connectionId: null,
        nodeId: 'n',
        host: '127.0.0.1',
        port,
        dialsIn: false,
        tlsName: null,
        localAddress: 1,
        remoteAddress: 10,
        integrityPollS: 1,
        timeoutS: 60,
        pool: 'north',
        pointMapName: 'counting',
        pointOverrides: [],
        feeders: [],
      },
    )
}

/** How many hubs each gateway polls. */
async function held(): Promise<Record<string, number>> {
  const rows = await db.execute<{ id: string; n: number }>(sql`
    select s.gateway_id as id, count(*)::int as n from hub
    join gateway_shard s on s.pool = hub.pool and s.shard = hub.shard and s.gateway_id = hub.gateway_id group by 1`)
  return Object.fromEntries(rows.map((row) => [row.id, row.n]))
}

/** Batches in a gateway's spool. */
async function spooled(id: string) {
  const names = (await readdir(join(folder, id))).filter((name) => name.endsWith('.spool')).toSorted()
  const files = await Promise.all(names.map((name) => readFile(join(folder, id, name), 'utf8')))
  return files.flatMap((text) => text.split('\n').slice(0, -1)).flatMap((line) => parseLine(line) ?? [])
}

test('NM01 a gateway that is killed leaves its hubs to the other within the lease, and no measurement is lost or doubled', {
  timeout: 180_000,
}, async () => {
  const hubs = Array.from({ length: 12 }, () => new CountingHub())
  for (const hub of hubs) await hub.listen()
  await makePool(hubs)
  const changing = setInterval(() => {
    for (const hub of hubs) hub.change()
  }, 100)
  try {
    // The first reaches the server over a wire that can be cut.
    const relay = await startRelay('127.0.0.1', 0, () => Number(new URL(server.url).port))
    const first = startGateway('north-1', `http://127.0.0.1:${relay.port}`)
    const second = startGateway('north-2', new URL(server.url).origin)
    const patience = { timeout: 60_000, interval: 200 }
    await vi.waitFor(async () => {
      const { 'north-1': one = 0, 'north-2': two = 0 } = await held()
      expect(one + two).toBe(12)
      expect(Math.min(one, two)).toBeGreaterThan(0)
    }, patience)
    await vi.waitFor(async () => expect((await spooled('north-1')).length).toBeGreaterThan(0), patience)

    // Cut off, it goes on polling while its lease lasts; then it is killed with measurements that nobody has yet.
    relay.refuse(true)
    const before = (await spooled('north-1')).length
    await vi.waitFor(async () => expect((await spooled('north-1')).length).toBeGreaterThan(before + 5), patience)
    await end(first, 'SIGKILL')
    const killedAt = Date.now()
    const left = await spooled('north-1')
    await vi.waitFor(async () => expect(await held()).toEqual({ 'north-2': 12 }), patience)
    // To the second it is shown on virtual time; here a busy machine has its say.
    expect(Date.now() - killedAt).toBeLessThan(leaseS * 1_000 * 1.25 + 10_000)

    // It comes back, delivers what it had taken, and gets its share again.
    relay.refuse(false)
    const again = startGateway('north-1', `http://127.0.0.1:${relay.port}`)
    await vi.waitFor(async () => expect((await held())['north-1'] ?? 0).toBeGreaterThan(0), patience)
    clearInterval(changing)
    const newestIs = (hub: CountingHub) =>
      sql`select 1 from measurement where hub_id = ${hub.hubId} and value = ${hub.last}`
    await vi.waitFor(async () => {
      for (const hub of hubs) expect(await db.execute(newestIs(hub))).not.toEqual([])
    }, patience)
    await end(again, 'SIGTERM')
    await end(second, 'SIGTERM')
    expect(await held()).toEqual({})
    await relay.close()

    for (const { hubId, sequence, readings } of left) {
      const rows = await db.execute(sql`select 1 from measurement where hub_id = ${hubId} and sequence = ${sequence}`)
      expect(rows).toHaveLength(readings)
    }
    for (const hub of hubs) {
      const events = await db.execute<{ value: number }>(sql`
        select value from measurement where hub_id = ${hub.hubId} and device_time is not null order by value`)
      expect(events.map((row) => row.value)).toEqual(Array.from({ length: hub.last }, (_, n) => n + 1))
    }
    const epochs = await db.execute<{ n: number }>(sql`
      select count(distinct sequence / 4294967296)::int as n from measurement_batch group by hub_id`)
    expect(Math.max(...epochs.map((row) => row.n))).toBeGreaterThanOrEqual(2)
  } finally {
    clearInterval(changing)
  }
})
