import { planOf } from '../../cli/sim/plan.ts'
import { playDay } from '../../cli/sim/play.ts'
import { Sandbox } from '../../cli/sim/sandbox.ts'
import { createLog } from '../../platform/log/index.ts'

/** Plays one day of seed 1 with the faults that it is given as JSON, and prints the invariants that are broken, as JSON. */
const faults = JSON.parse(process.argv[2] ?? '[]')
const sandbox = await Sandbox.open(createLog('sim', 'silent'), process.env['DATABASE_URL'])
try {
  const { breaches } = await playDay(sandbox, { ...planOf(1), servers: 1, faults }, faults)
  process.stdout.write(`${JSON.stringify([...new Set(breaches.map(({ invariant }) => invariant))])}\n`)
} finally {
  await sandbox.close()
}
process.exit(0)
