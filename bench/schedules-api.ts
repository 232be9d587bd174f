import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Instant } from '@js-joda/core'
import { pino } from 'pino'
import { tracingFrom } from '../cli/tracing.ts'
import { SimulatedClock } from '../platform/clock/index.ts'
import { createDatabase, startCluster } from '../platform/db/index.ts'
import { type RunningServer, startServer } from '../server/app/index.ts'
import { quantileMs, saveSubmitter, submit, submitterTokens } from './support/submitting.ts'

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
    const fuIds = await saveSubmitter(db, at, unitCount)
    const measured = await submitFor(server, fuIds, await submitterTokens(server.publicUrl).get())
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

interface Measured {
  /** Of each submission, ms. */
  latencies: number[]
  elapsedS: number
}

async function submitFor({ publicUrl }: RunningServer, fuIds: readonly string[], token: string): Promise<Measured> {
  const latencies: number[] = []
  let next = 0
  const begun = performance.now()
  const caller = async () => {
    while (performance.now() - begun < seconds * 1_000) {
      const number = next++
      const fuId = fuIds[number % unitCount] as string
      const kind = kinds[Math.floor(number / unitCount) % kinds.length] as (typeof kinds)[number]
      latencies.push(await submit(publicUrl, token, { fuId, day: '2026-01-16', kind, revision: 1 }))
    }
  }
  await Promise.all(Array.from({ length: concurrency }, caller))
  return { latencies, elapsedS: (performance.now() - begun) / 1_000 }
}

function resultOf({ latencies, elapsedS }: Measured, stored: unknown): Record<string, unknown> {
  const perSecond = latencies.length / elapsedS
  return {
    units: unitCount,
    periods: 96,
    callers: concurrency,
    submissions: latencies.length,
    stored,
    perSecond: Math.round(perSecond),
    p50Ms: quantileMs(latencies, 0.5),
    p99Ms: quantileMs(latencies, 0.99),
    neededPerSecond: Math.round(neededPerSecond * 100) / 100,
    ratio: Math.round(perSecond / neededPerSecond),
  }
}
