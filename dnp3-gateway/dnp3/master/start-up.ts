/** What a master does on each new connection before anything else (IEEE 1815-2012 clause 5.1.2). */
import type { ConversationOptions } from './config.ts'
import type { Request } from './exchange.ts'
import { DISABLE_UNSOLICITED, INTEGRITY, type Run } from './operations.ts'
import { type Outcome, success } from './outcome.ts'

/** The start-up sequence; it is no failure if a device has no unsolicited responses. */
export async function startUp(
  options: ConversationOptions['startUp'],
  enableUnsolicited: Request | null,
  run: Run,
): Promise<Outcome<void>> {
  if (options?.disableUnsolicited === true) {
    const disabled = await run(DISABLE_UNSOLICITED)
    if (isFailure(disabled)) return disabled
  }
  if (options?.integrityPoll !== false) {
    const read = await run(INTEGRITY)
    if (!read.ok) return read
  }
  if (enableUnsolicited !== null) {
    const enabled = await run(enableUnsolicited)
    if (isFailure(enabled)) return enabled
  }
  return success(undefined)
}

function isFailure(outcome: Outcome<unknown>): outcome is Extract<Outcome<unknown>, { ok: false }> {
  return !outcome.ok && outcome.error.code !== 'refused'
}
