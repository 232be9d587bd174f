import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Instant, LocalDate } from '@js-joda/core'
import { type Clock, SystemClock } from '../../platform/clock/index.ts'
import { createDatabase, type Database, type Queryable, startCluster } from '../../platform/db/index.ts'
import { createLog } from '../../platform/log/index.ts'
import { saveClient } from '../../server/access/index.ts'
import { type RunningServer, startServer } from '../../server/app/index.ts'
import { saveConnection, saveHub, saveNode, saveProfile } from '../../server/grid/index.ts'
import { peoplePolicies } from '../../server/kit/index.ts'

/** A server on a durable PostgreSQL (fsync on) in a temporary folder, which is removed afterwards. */
export async function withServer<T>(work: (server: RunningServer, clock: Clock) => Promise<T>): Promise<T> {
  const [folder, keys] = [
    await mkdtemp(join(tmpdir(), 'ringmain-bench-')),
    await mkdtemp(join(tmpdir(), 'ringmain-keys-')),
  ]
  const cluster = await startCluster({ folder, durable: true })
  try {
    await createDatabase(cluster.url(), 'bench')
    const log = createLog('bench', 'error')
    const clock = new SystemClock((name, error) => log.error({ err: error, name }, 'a task failed'))
    const server = await startServer({
      databaseUrl: cluster.url('bench'),
      host: '127.0.0.1',
      port: 0,
      role: 'api',
      environment: 'live',
      // A program that measures has no second factor.
      people: peoplePolicies.demo,
      secretKeyFile: join(keys, 'key'),
      clock,
      log,
    })
    try {
      return await work(server, clock)
    } finally {
      await server.close()
    }
  } finally {
    await cluster.stop()
    for (const made of [folder, keys]) await rm(made, { recursive: true, force: true })
  }
}

/** A hub with the connection that it measures: one building and three EV feeders, 50 points. */
export interface BenchHub {
  hubId: string
  connectionId: string
  gatewayId: string
}

export const benchSecret = 'a secret of the benchmark'

/** Creates hubs on gateways, each with a connection and a profile of four steps, on a small network. */
export async function makeHubs(db: Database, count: number, gateways: number): Promise<BenchHub[]> {
  await saveNode(db, {
    nodeId: 'gsp',
    name: 'GSP',
    kind: 'gsp',
    parentId: null,
    licenceArea: 'LPN',
    ratingWinterKva: 700_000,
    ratingSummerKva: 600_000,
    easting: null,
    northing: null,
  })
  const hubs = Array.from({ length: count }, (_, n) => ({
    hubId: randomUUID(),
    connectionId: randomUUID(),
    gatewayId: `gateway-${n % gateways}`,
  }))
  await db.transaction(async (tx) => {
    for (const [n, hub] of hubs.entries()) {
      await saveSite(tx, n, hub)
      await saveBenchHub(tx, n, hub)
    }
  })
  for (let n = 0; n < gateways; n++)
    await saveClient(db, {
      clientId: `gateway-${n}`,
      kind: 'gateway',
      subjectId: `gateway-${n}`,
      scopes: ['gateway'],
      active: true,
      authentication: { method: 'client_secret_basic', secret: benchSecret },
    })
  return hubs
}

/** The steps of the profile of every connection. */
const dayLimits = ['00:00', '07:00', '16:00', '20:00'].map((from, n) => ({ from, limitW: 100_000 + n * 10_000 }))

async function saveSite(tx: Queryable, n: number, { connectionId }: BenchHub): Promise<void> {
  await saveConnection(tx, {
    connectionId,
    name: `Site ${n}`,
    customer: '',
    address: '',
    licenceArea: 'LPN',
    nodeId: 'gsp',
    ascKva: 200,
    powerFactor: 0.95,
    mpans: [],
  })
  const today = LocalDate.now()
  await saveProfile(tx, {
    connectionId,
    version: 1,
    state: 'approved',
    fallbackLimitW: null,
    validFrom: today.minusDays(30),
    validTo: today.plusDays(300),
    limits: { weekday: dayLimits, weekend: dayLimits },
  })
}

async function saveBenchHub(tx: Queryable, n: number, { hubId, connectionId, gatewayId }: BenchHub): Promise<void> {
  await saveHub(tx, Instant.now(), {
    hubId,
    name: `Hub ${n}`,
    connectionId,
    nodeId: null,
    host: '127.0.0.1',
    port: 20_000,
    localAddress: 1,
    remoteAddress: 10,
    integrityPollS: 60,
    gatewayId,
    feeders: [1, 2, 3, 4].map((feeder) => ({ feeder, role: feeder === 1 ? 'building' : 'ev', connectionId })),
  })
}
