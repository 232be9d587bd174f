import { LocalDate } from '@js-joda/core'
import { Command, InvalidArgumentError } from 'commander'
import { readSessions, sessionColumnsHelp } from '../../fsp/simulator/index.ts'
import { createLog } from '../../platform/log/index.ts'
import { option, parseCount } from '../options.ts'
import { rehearseDay, StoppedRehearsal } from './run.ts'
import { summaryText } from './summary.ts'

interface DayFlags {
  date: LocalDate
  seed: number
  sessions?: string
  json?: true
}

function parseDay(text: string): LocalDate {
  try {
    return LocalDate.parse(text)
  } catch {
    throw new InvalidArgumentError('It must be a date such as 2026-01-15.')
  }
}

/** `ringmain day`: a rehearsed trading day with its checks; exit code 1 when one fails. */
export function dayCommand(): Command {
  return new Command('day')
    .description(
      'rehearse a trading day for the nine depots, through every process boundary in virtual time, and check it',
    )
    .addOption(
      option('--date <day>', 'the trading day, a date in Great Britain', {
        fallback: LocalDate.parse('2026-01-15'),
        parse: parseDay,
      }),
    )
    .addOption(option('--seed <number>', 'what the simulated world follows from', { fallback: 7, parse: parseCount }))
    .option('--sessions <file>', 'real charging sessions (CSV) in place of generated vehicles; its columns are below')
    .option('--json', 'print one JSON object and nothing else on standard output')
    .addHelpText('after', `\n${sessionColumnsHelp}`)
    .action(day)
}

async function day(flags: DayFlags): Promise<void> {
  const log = createLog('day', process.env['RINGMAIN_LOG_LEVEL'] ?? 'warn')
  const sessions = flags.sessions === undefined ? undefined : await readSessions(flags.sessions)
  // Databases and processes are put away before it ends; a second signal ends it at once.
  let isStopped = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => (isStopped = true))
  const summary = await rehearseDay({
    day: flags.date,
    seed: flags.seed,
    log,
    ...(sessions ? { sessions } : {}),
    progress: (line) => process.stderr.write(`${line}\n`),
    isStopped: () => isStopped,
  }).catch((error) => {
    if (!(error instanceof StoppedRehearsal)) throw error
    process.stderr.write('stopped\n')
    process.exit(1)
  })
  process.stdout.write(flags.json ? `${JSON.stringify(summary)}\n` : summaryText(summary))
  process.exit(summary.checks.every((check) => check.ok) ? 0 : 1)
}
