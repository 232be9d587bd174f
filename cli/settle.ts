import { Command, InvalidArgumentError } from 'commander'
import { SystemClock } from '../platform/clock/index.ts'
import { type Database, openDatabase } from '../platform/db/index.ts'
import { messageOf } from '../platform/errors/index.ts'
import { ProblemError } from '../platform/http/index.ts'
import { month as monthText } from '../schemas/vocabulary/units.ts'
import { listFsps, listProducts } from '../server/market/index.ts'
import { makeDraft } from '../server/settlement/index.ts'
import { dataOption } from './options.ts'
import { withServerDatabase } from './system/databases.ts'

/** `ringmain settle`: draft statements of a month for every FSP, as the portal makes them one by one. */
export function settleCommand(): Command {
  return new Command('settle')
    .description('prepare the draft statements of a month for every FSP and product')
    .requiredOption('--month <YYYY-MM>', 'month to settle', parseMonth)
    .addOption(dataOption())
    .option('--json', 'print one JSON object and nothing else', false)
    .addHelpText(
      'after',
      '\nDATABASE_URL names the server’s PostgreSQL; without it the embedded one of the data folder is used.',
    )
    .action(settle)
}

function parseMonth(text: string): string {
  const found = monthText.safeParse(text)
  if (!found.success) throw new InvalidArgumentError('It must be a month such as 2026-01.')
  return found.data
}

interface Drafted {
  number: string
  fsp: string
  product: string
  lines: number
  amountGbp: string
}

interface Skipped {
  fsp: string
  product: string
  reason: string
}

async function settle(flags: { month: string; data?: string; json: boolean }): Promise<void> {
  const { statements, skipped } = await withServerDatabase(flags.data, async (url) => {
    const { db, close } = await openDatabase(url)
    return draftsOf(db, flags.month).finally(close)
  })
  report(flags, statements, skipped)
}

async function draftsOf(db: Database, month: string): Promise<{ statements: Drafted[]; skipped: Skipped[] }> {
  const clock = new SystemClock((name, error) => process.stderr.write(`${name}: ${messageOf(error)}\n`))
  const settler = { kind: 'system' as const, name: 'ringmain settle' }
  const [statements, skipped]: [Drafted[], Skipped[]] = [[], []]
  const products = await listProducts(db)
  for (const { fspId, companyName: fsp } of await listFsps(db, null)) {
    for (const one of products) {
      const given = { fspId, product: one, month }
      try {
        const made = await db.transaction((tx) => makeDraft(tx, clock.now(), settler, given))
        statements.push({ number: made.number, fsp, product: one, lines: made.lineCount, amountGbp: made.totalGbp })
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error
        skipped.push({ fsp, product: one, reason: error.message })
      }
    }
  }
  return { statements, skipped }
}

function report(flags: { month: string; json: boolean }, statements: Drafted[], skipped: { reason: string }[]): void {
  if (flags.json) {
    process.stdout.write(`${JSON.stringify({ month: flags.month, statements, skipped })}\n`)
    return
  }
  for (const one of statements)
    process.stdout.write(`${one.number}  ${one.fsp}  product ${one.product}  ${one.lines} lines  £${one.amountGbp}\n`)
  for (const { reason } of skipped) process.stdout.write(`${reason}\n`)
}
