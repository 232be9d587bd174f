import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Instant } from '@js-joda/core'
import { pino } from 'pino'
import { tracingFrom } from '../cli/tracing.ts'
import { SimulatedClock } from '../platform/clock/index.ts'
import { createDatabase, type Database, startCluster } from '../platform/db/index.ts'
import { createTokenSource } from '../platform/oauth/index.ts'
import { submissionOperations } from '../schemas/market/submissions.ts'
import { requestOf } from '../schemas/vocabulary/client.ts'
import { saveClient } from '../server/access/index.ts'
import { type RunningServer, startServer } from '../server/app/index.ts'
import { flexibleUnit, fsp } from '../server/market/parties/tables.ts'
import { giveAuthorityToAll } from './support/authority.ts'
import { fspRow, unitRows } from './support/units.ts'

const at = Instant.parse('2026-01-15T09:00:00Z')
const [unitCount, concurrency, seconds] = [10_000, 32, 20]
const kinds = ['baseline', 'deviation', 'availability'] as const
/** 10,000 FUs with four schedules each in one evening of four hours. */
const neededPerSecond = (unitCount * 4) / (4 * 3_600)

/**
 * Schedules of 96 periods, submitted one by one over HTTP by 32 callers of one FSP for 20 s: submissions a second, and the time of the
 * slowest one in a hundred, against the rate at which 10,000 FUs' submissions of an evening must be accepted. Traced if the environment names
 * a collector, for what tracing costs.
 */
export async function run(): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'ringmain-bench-'))
  const keys = await mkdtemp(join(tmpdir(), 'ringmain-bench-keys-'))
  const cluster = await startCluster({ folder, durable: true })
  try {
    await createDatabase(cluster.url(), 'schedules')
    const log = pino({ level: 'silent' })
    const { tracing } = await tracingFrom(process.env, 'server', log)
    const server = await startServer({
      databaseUrl: cluster.url('schedules'),
      host: '127.0.0.1',
      port: 0,
      role: 'api',
      environment: 'demo',
      secretKeyFile: join(keys, 'key'),
      clock: new SimulatedClock(at),
      log,
      ...(tracing ? { tracing } : {}),
    })
    const { db } = server.context
    const fspId = await saveFsp(db)
    const fuIds = await saveUnits(db, fspId)
    const measured = await submitFor(server, fuIds, await tokenFor(server, fspId))
    const [row] = await db.$client`select count(*)::int as n from submitted_schedule`
    await server.close()
    await tracing?.close()
    return { isTraced: tracing !== undefined, ...resultOf(measured, row?.['n']) }
  } finally {
    await cluster.stop()
    await rm(folder, { recursive: true, force: true })
    await rm(keys, { recursive: true, force: true })
  }
}

async function saveFsp(db: Database): Promise<string> {
  const fspId = randomUUID()
  await db
    .insert(fsp)
    .values(fspRow(fspId, 'Bench', at, { baseUrl: 'http://x', tokenEndpoint: 'http://x', sealedSecret: 'x' }))
  return fspId
}

async function saveUnits(db: Database, fspId: string): Promise<string[]> {
  const units = unitRows(fspId, unitCount, { nodeId: 'sec', connectionOf: () => randomUUID() })
  for (let i = 0; i < unitCount; i += 2_000) await db.insert(flexibleUnit).values(units.slice(i, i + 2_000))
  await giveAuthorityToAll(db)
  return units.map(({ fuId }) => fuId)
}

async function tokenFor({ context, publicUrl }: RunningServer, fspId: string): Promise<string> {
  const authentication = { method: 'client_secret_basic' as const, secret: 'a secret for the benchmark' }
  await saveClient(context.db, {
    clientId: 'bench',
    kind: 'fsp',
    subjectId: fspId,
    authentication,
    scopes: ['market'],
    active: true,
  })
  const issuer = `${publicUrl}/oidc`
  return createTokenSource({
    issuer,
    tokenEndpoint: `${issuer}/token`,
    clientId: 'bench',
    authentication,
    scope: 'market',
    resource: `${publicUrl}/api`,
  }).get()
}

interface Measured {
  /** Of each submission, ms. */
  latencies: number[]
  elapsedS: number
}

async function submitFor({ publicUrl }: RunningServer, fuIds: readonly string[], token: string): Promise<Measured> {
  const latencies: number[] = []
  const values = Array.from({ length: 96 }, (_, i) => 10_000 + 100 * i)
  let next = 0
  const begun = performance.now()
  const caller = async () => {
    while (performance.now() - begun < seconds * 1_000) {
      const number = next++
      const [fuId, kind] = [fuIds[number % unitCount], kinds[Math.floor(number / unitCount) % kinds.length]]
      const body = { kind, resolution: 'PT15M', start: '2026-01-16T00:00:00Z', revision: 1, values }
      const started = performance.now()
      const { path, init } = requestOf(
        submissionOperations.submitSchedule,
        { params: { fuId, day: '2026-01-16', kind }, body },
        { headers: { authorization: `Bearer ${token}` } },
      )
      const response = await fetch(`${publicUrl}/api${path}`, init)
      if (!response.ok) throw new Error(`HTTP ${response.status} ${await response.text()}`)
      await response.arrayBuffer()
      latencies.push(performance.now() - started)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, caller))
  return { latencies, elapsedS: (performance.now() - begun) / 1_000 }
}

function resultOf({ latencies, elapsedS }: Measured, stored: unknown): Record<string, unknown> {
  latencies.sort((a, b) => a - b)
  const quantile = (q: number) => Math.round((latencies[Math.floor(latencies.length * q)] ?? 0) * 10) / 10
  const perSecond = latencies.length / elapsedS
  return {
    units: unitCount,
    periods: 96,
    callers: concurrency,
    submissions: latencies.length,
    stored,
    perSecond: Math.round(perSecond),
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
    neededPerSecond: Math.round(neededPerSecond * 100) / 100,
    ratio: Math.round(perSecond / neededPerSecond),
  }
}
