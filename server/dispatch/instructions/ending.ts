import type { ServerContext } from '../../access/index.ts'
import { acknowledgedUntil, moveOn } from './store.ts'

/** Marks as ended the acknowledged instructions whose window has passed (E2EPA008). */
export async function endPassed(context: ServerContext): Promise<void> {
  const rows = await acknowledgedUntil(context.db, context.clock.now())
  for (const row of rows) await moveOn(context.db, row, 'end')
  if (rows.length > 0) context.announce('dispatch')
}
