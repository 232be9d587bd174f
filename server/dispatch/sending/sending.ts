import type { ServerContext } from '../../kit/index.ts'
import type { InstructionRow } from '../instructions/index.ts'
import { type ControlDirectory, createRounds } from '../transports/index.ts'
import { outstandingAt } from './leases.ts'
import { Round } from './round.ts'
import { type Asking, usualAsking } from './rules.ts'

/** Sends planned instructions and queries unknown ones, in one round per FSP. Resolves when the rounds that it started have ended. */
export type Sender = () => Promise<void>

/** Creates a sender. Several servers may each have one: every row is claimed by its change of state. */
export function createSender(context: ServerContext, directory: ControlDirectory, rules: Asking = usualAsking): Sender {
  const runRounds = createRounds(context, (fspId, rows: readonly InstructionRow[]) =>
    new Round(context, rules, fspId).run(directory, rows),
  )
  return async () => {
    const rows = await outstandingAt(context.db, context.clock.now())
    if ((await runRounds(Map.groupBy(rows, (row) => row.fspId))) > 0) context.announce('dispatch')
  }
}
