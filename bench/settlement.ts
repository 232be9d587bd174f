import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { SimulatedClock } from '../platform/clock/index.ts'
import { createDatabase, type Database, migrateDatabase, openDatabase, startCluster } from '../platform/db/index.ts'
import { serverMigrations } from '../server/app/migrations.ts'
import { listFsps } from '../server/market/index.ts'
import { makeDraft } from '../server/settlement/index.ts'
import { fillMarket } from './support/settlement.ts'

const [month, first, last] = ['2026-01', '2026-01-01', '2026-01-31']

/** Ten comparable weekend days reach back five weeks, and one week more over Christmas. */
const historyFrom = '2025-11-20'

/**
 * A month of 2,000 FUs from PostgreSQL to draft statements, by mid 8-in-10 with in-day adjustment: two contracted hours on each weekday,
 * and an event on every fourth day. `ratio` is its time over that of one sequential scan of the same meter rows, by one PostgreSQL process
 * without an index: all quarter-hourly readings of the month and of the weeks before it that the baselines use. This is the stricter
 * comparison: reading the rows into this process, as settlement reads its own, takes far longer (`clientScanMs`, the same rows through
 * a cursor). `dayScanMs` is a scan of the metered days, which settlement reads.
 */
export async function run(options: Record<string, string>): Promise<Record<string, unknown>> {
  const [units, fsps] = [Number(options['units'] ?? 2_000), Number(options['fsps'] ?? 10)]
  const folder = await mkdtemp(join(tmpdir(), 'ringmain-bench-'))
  const cluster = await startCluster({ folder, durable: true })
  try {
    await createDatabase(cluster.url(), 'bench')
    await migrateDatabase(cluster.url('bench'), serverMigrations)
    const { db, close } = await openDatabase(cluster.url('bench'))
    try {
      await fillMarket(db, { units, fsps, historyFrom, first, last })
      return await measure(db, units)
    } finally {
      await close()
    }
  } finally {
    await cluster.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function measure(db: Database, units: number): Promise<Record<string, unknown>> {
  // The first scan fills the caches, so that the measured one does not wait for the disk.
  await scan(db, 'meter_reading')
  const [scanMs, dayScanMs] = [await scan(db, 'meter_reading'), await scan(db, 'meter_day')]
  const clock = new SimulatedClock(Instant.parse('2026-02-02T09:00:00Z'))
  let [lines, pence] = [0, 0n]
  const cpu = process.cpuUsage()
  const startedAt = performance.now()
  for (const { fspId } of await listFsps(db, null)) {
    const given = { fspId, product: 'A' as const, month }
    const made = await db.transaction((tx) => makeDraft(tx, clock.now(), { kind: 'system', name: 'bench' }, given))
    lines += made.lineCount
    pence += BigInt(made.totalGbp.replace('.', ''))
  }
  const wallMs = performance.now() - startedAt
  const { user, system } = process.cpuUsage(cpu)
  const rssMb = Math.round(process.resourceUsage().maxRSS / 1_024)
  const [rows] = await db.execute<{ n: number }>(sql`select count(*)::int as n from meter_reading`)
  const clientScanMs = await clientScan(db)
  return {
    units,
    lines,
    totalGbp: `${pence / 100n}.${String(pence % 100n).padStart(2, '0')}`,
    meterRows: rows?.n,
    wallMs: Math.round(wallMs),
    cpuMs: Math.round((user + system) / 1_000),
    scanMs,
    clientScanMs,
    dayScanMs,
    ratio: Math.round((wallMs / scanMs) * 10) / 10,
    goal: 10,
    rssMb,
  }
}

/** One sequential scan within PostgreSQL over every row of a table, reading all values. */
async function scan(db: Database, table: 'meter_reading' | 'meter_day'): Promise<number> {
  const value = table === 'meter_reading' ? sql`sum(energy_wh), max(revision)` : sql`sum(length(energy_wh::text))`
  return db.transaction(async (tx) => {
    await tx.execute(sql`set local max_parallel_workers_per_gather = 0`)
    const startedAt = performance.now()
    await tx.execute(sql`select ${value} from ${sql.raw(table)}`)
    return Math.round(performance.now() - startedAt)
  })
}

/** The same rows, read into this process in portions. */
async function clientScan(db: Database): Promise<number> {
  const startedAt = performance.now()
  let sum = 0
  const rows = db.$client`select fu_id, period_start::text, energy_wh, revision from meter_reading`
  await rows.cursor(5_000, (part) => {
    for (const row of part) sum += Number(row['energy_wh'])
  })
  if (!Number.isFinite(sum)) throw new Error('a reading is not a number')
  return Math.round(performance.now() - startedAt)
}
