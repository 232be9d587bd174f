import type { Instant } from '@js-joda/core'
import { isOver } from './endings.ts'
import type { Transactions } from './transactions.ts'
import type { Units } from './units.ts'

/** Ends the transactions of connected units that have given no sign for a while that they go on. */
export async function endDoubted(parts: { units: Units; transactions: Transactions }, at: Instant): Promise<void> {
  for (const unit of parts.units.all)
    for (const connector of unit.connectors)
      if (unit.link && connector.transaction && isOver(connector.transaction, at.toEpochMilli()))
        await parts.transactions.endSeen(connector, at)
}
