import { Command } from 'commander'
import { createLog } from '../../platform/log/index.ts'
import { option, parseCount } from '../options.ts'
import { type FaultKind, faultKinds, wordsOf } from './faults.ts'
import { planOf, type SeedPlan } from './plan.ts'
import { type PlayedDay, playDay } from './play.ts'
import { Sandbox } from './sandbox.ts'
import { shrink } from './shrink.ts'

interface SimFlags {
  seeds: number
  from: number
  seconds?: number
  json?: true
}

/** What `ringmain sim --json` prints. */
export interface SimSummary {
  from: number
  /** How many were played; fewer than were asked for where the time was over. */
  seeds: number
  passed: number
  failed: number[]
  simulatedDays: number
  /** How often each kind of fault had its effect. */
  faults: Record<FaultKind, number>
  wallMs: number
}

/** `ringmain sim`: seeded days of the whole market with faults; exit code 1 when an invariant is broken. */
export function simCommand(): Command {
  return new Command('sim')
    .description(
      'play seeded days of server, gateway and FSPs with faults in virtual time, and check what must always hold',
    )
    .addOption(option('--seeds <number>', 'how many days', { fallback: 10, parse: parseCount }))
    .addOption(option('--from <seed>', 'the first seed', { fallback: 1, parse: parseCount }))
    .addOption(option('--seconds <number>', 'begin no day after so long', { parse: parseCount }))
    .option('--json', 'print one JSON object and nothing else on standard output')
    .addHelpText(
      'after',
      '\nDATABASE_URL names a PostgreSQL in which databases may be made; without it an embedded one is started.\nA seed that fails is replayed by --from SEED --seeds 1. docs/simulation.md describes world, faults and invariants.',
    )
    .action(sim)
}

async function sim(flags: SimFlags): Promise<void> {
  const begun = performance.now()
  const tell = (line: string) => void process.stderr.write(`${line}\n`)
  const played = await playSeeds(flags, tell)
  const summary = summaryOf(flags.from, played, Math.round(performance.now() - begun))
  process.stdout.write(flags.json ? `${JSON.stringify(summary)}\n` : textOf(summary))
  process.exit(summary.failed.length === 0 ? 0 : 1)
}

interface PlayedSeed {
  readonly plan: SeedPlan
  readonly outcome: PlayedDay
}

/** Plays seeds one after the other. A seed that fails is told of, with the least of its faults with which it fails. */
export async function playSeeds(
  { seeds, from, seconds }: Pick<SimFlags, 'seeds' | 'from' | 'seconds'>,
  tell: (line: string) => void,
): Promise<PlayedSeed[]> {
  const log = createLog('sim', process.env['RINGMAIN_LOG_LEVEL'] ?? 'silent')
  const begun = performance.now()
  const played: PlayedSeed[] = []
  // A day that has begun is played to its end, so that no database is left behind.
  let isStopped = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => (isStopped = true))
  let seed = from
  // An error that nobody has caught ends a real process, and so this one: it is to be known by which seed.
  const onUncaught = () => tell(`seed ${seed} ends the process; replay: ringmain sim --from ${seed} --seeds 1`)
  process.prependListener('uncaughtException', onUncaught)
  const sandbox = await Sandbox.open(log, process.env['DATABASE_URL'])
  try {
    for (; seed < from + seeds; seed++) {
      if (isStopped || (seconds !== undefined && performance.now() - begun > seconds * 1_000)) break
      const plan = planOf(seed)
      const outcome = await playDay(sandbox, plan, plan.faults)
      played.push({ plan, outcome })
      if (outcome.breaches.length > 0) await tellFailure(sandbox, plan, outcome, tell)
    }
  } finally {
    await sandbox.close()
    process.off('uncaughtException', onUncaught)
  }
  return played
}

async function tellFailure(sandbox: Sandbox, plan: SeedPlan, { breaches }: PlayedDay, tell: (line: string) => void) {
  tell(`seed ${plan.seed}, ${plan.day}, with ${plan.faults.length} faults:`)
  for (const [invariant, [first]] of Map.groupBy(breaches, (breach) => breach.invariant))
    if (first) tell(`  ${new Date(first.atMs).toISOString()} ${invariant}: ${first.detail}`)
  const broken = new Set(breaches.map(({ invariant }) => invariant))
  const least = await shrink(plan.faults, async (some) =>
    (await playDay(sandbox, plan, some)).breaches.some(({ invariant }) => broken.has(invariant)),
  )
  tell(least.length === 0 ? '  it fails without any fault' : '  it fails with these alone:')
  for (const fault of least) tell(`    ${wordsOf(fault)}`)
  tell(`  replay: ringmain sim --from ${plan.seed} --seeds 1`)
}

function summaryOf(from: number, played: readonly PlayedSeed[], wallMs: number): SimSummary {
  const failed = played.filter(({ outcome }) => outcome.breaches.length > 0).map(({ plan }) => plan.seed)
  const count = (kind: FaultKind) => played.reduce((sum, { outcome }) => sum + (outcome.faults[kind] ?? 0), 0)
  return {
    from,
    seeds: played.length,
    passed: played.length - failed.length,
    failed,
    simulatedDays: played.length,
    faults: Object.fromEntries(faultKinds.map((kind) => [kind, count(kind)])) as Record<FaultKind, number>,
    wallMs,
  }
}

function textOf({ from, seeds, passed, failed, faults, wallMs }: SimSummary): string {
  const kinds = Object.entries(faults).map(([kind, count]) => `${count} × ${kind}`)
  const end = failed.length === 0 ? '' : `\nBroken by the seeds ${failed.join(', ')}`
  const took = `${Math.round(wallMs / 1_000)} s`
  return `${passed} of ${seeds} days from seed ${from} held every invariant, in ${took}: ${kinds.join(', ')}${end}\n`
}
