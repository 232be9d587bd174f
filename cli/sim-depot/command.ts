import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { fspMigrations } from '../../fsp/app/migrations.ts'
import { type FaultKind, faultKinds } from '../../fsp/simulator/index.ts'
import { createDatabase, migrateDatabase, startCluster, urlOfDatabase } from '../../platform/db/index.ts'
import { createLog } from '../../platform/log/index.ts'
import { readDepots } from '../../seeds/index.ts'
import { option, parseCount } from '../options.ts'
import { type DayOutcome, playDay } from './day.ts'

interface SimDepotFlags {
  seeds: number
  from: number
  seconds?: number
  json?: true
}

/** What `ringmain sim-depot --json` prints. */
export interface SimDepotSummary {
  from: number
  seeds: number
  passed: number
  /** Seeds whose site was above its limit. */
  failed: number[]
  /** How often each kind of fault occurred. */
  faults: Record<FaultKind, number>
}

/** `ringmain sim-depot`: seeded days of a depot with faults; exit code 1 when one is above its limit. */
export function simDepotCommand(): Command {
  return new Command('sim-depot')
    .description('play seeded days of a depot with faults in virtual time, and check that it stays within its limit')
    .addOption(option('--seeds <number>', 'how many days', { fallback: 10, parse: parseCount }))
    .addOption(option('--from <seed>', 'the first seed', { fallback: 1, parse: parseCount }))
    .addOption(option('--seconds <number>', 'begin no day after so long', { parse: parseCount }))
    .option('--json', 'print one JSON object and nothing else on standard output')
    .action(simDepot)
}

async function simDepot(flags: SimDepotFlags): Promise<void> {
  const outcomes = await playDays(flags, (line) => process.stderr.write(`${line}\n`))
  const summary = summaryOf(flags.from, outcomes)
  process.stdout.write(flags.json ? `${JSON.stringify(summary)}\n` : textOf(summary))
  process.exit(summary.failed.length === 0 ? 0 : 1)
}

/** Days that are played at once: each waits for its sockets and its database half of the time. */
const atOnce = 2

/** The name of the database that those of all days are copies of. */
const template = 'ringmain_depot'

/** Plays days, two at a time; their outcomes are in the order of the seeds. */
export async function playDays(
  { seeds, from, seconds }: Pick<SimDepotFlags, 'seeds' | 'from' | 'seconds'>,
  progress: (line: string) => void,
): Promise<DayOutcome[]> {
  const log = createLog('sim-depot', process.env['RINGMAIN_LOG_LEVEL'] ?? 'silent')
  const depotSeeds = await readDepots()
  const folder = await mkdtemp(join(tmpdir(), 'ringmain-depots-'))
  const cluster = await startCluster({ folder, durable: false })
  const begun = performance.now()
  const outcomes: DayOutcome[] = []
  // A day that has begun is played to its end, so that no database is left behind.
  let isStopped = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => (isStopped = true))
  try {
    // Each day begins with a copy: to migrate anew takes as long as an hour of a day does.
    await createDatabase(cluster.url(), template)
    await migrateDatabase(urlOfDatabase(cluster.url(), template), fspMigrations)
    let next = from
    const isOver = () => isStopped || (seconds !== undefined && performance.now() - begun > seconds * 1_000)
    const worker = async () => {
      while (next < from + seeds && !isOver()) {
        const outcome = await playDay(next++, { adminUrl: cluster.url(), template, seeds: depotSeeds, log })
        outcomes.push(outcome)
        tellBreach(outcome, progress)
      }
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
  } finally {
    await cluster.stop()
    await rm(folder, { recursive: true, force: true })
  }
  return outcomes.sort((a, b) => a.seed - b.seed)
}

function tellBreach({ seed, breaches: [first], faults }: DayOutcome, progress: (line: string) => void): void {
  if (!first) return
  const at = new Date(first.atMs).toISOString()
  progress(
    `seed ${seed}: ${Math.round(first.siteW)} W of ${first.limitW} W at ${at}, ${first.rule}; faults ${JSON.stringify(faults)}`,
  )
}

function summaryOf(from: number, outcomes: readonly DayOutcome[]): SimDepotSummary {
  const failed = outcomes.filter(({ breaches }) => breaches.length > 0).map(({ seed }) => seed)
  const all = outcomes.flatMap(({ faults }) => faults)
  const count = (kind: FaultKind) => all.filter((fault) => fault.kind === kind).length
  return {
    from,
    seeds: outcomes.length,
    passed: outcomes.length - failed.length,
    failed,
    faults: Object.fromEntries(faultKinds.map((kind) => [kind, count(kind)])) as Record<FaultKind, number>,
  }
}

function textOf({ from, seeds, passed, failed, faults }: SimDepotSummary): string {
  const kinds = Object.entries(faults).map(([kind, count]) => `${count} × ${kind}`)
  const end = failed.length === 0 ? '' : `\nAbove the limit with the seeds ${failed.join(', ')}`
  return `${passed} of ${seeds} days from seed ${from} stayed within the limit: ${kinds.join(', ')}${end}\n`
}
