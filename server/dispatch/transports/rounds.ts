import type { AlarmKind } from '../../../schemas/grid/alarms.ts'
import { clearAlarm, raiseAlarm } from '../../grid/index.ts'
import type { ServerContext } from '../../kit/index.ts'
import { findFsp } from '../../market/index.ts'

/**
 * Runs the rounds of all FSPs at once and each on its own (FM10). An FSP whose round is still under way is left out of the next, so that
 * one that hangs holds up nobody else. Resolves, when the rounds that it began have ended, to how many those were.
 * @param run one round of one FSP; whatever it rejects with is this FSP's fault alone, and is logged.
 */
export function createRounds<Work>(
  context: Pick<ServerContext, 'log'>,
  run: (fspId: string, work: Work) => Promise<void>,
): (works: Iterable<readonly [fspId: string, work: Work]>) => Promise<number> {
  const busy = new Set<string>()
  return async (works) => {
    const rounds = [...works].filter(([fspId]) => !busy.has(fspId))
    await Promise.all(
      rounds.map(async ([fspId, work]) => {
        busy.add(fspId)
        try {
          await run(fspId, work)
        } catch (error) {
          context.log.error({ err: error, fspId }, 'a round of calls to an FSP failed')
        } finally {
          busy.delete(fspId)
        }
      }),
    )
    return rounds.length
  }
}

/** One alarm per FSP and kind for all faults of a round, cleared when a round goes through without a fault. @param what what was not confirmed, in the singular. */
export async function alarmFaults(
  context: ServerContext,
  fspId: string,
  kind: AlarmKind,
  what: string,
  faults: readonly string[],
): Promise<void> {
  const { db, clock } = context
  const [fault] = faults
  const changed = fault
    ? await raiseAlarm(db, clock.now(), {
        kind,
        source: { type: 'fsp', id: fspId, name: (await findFsp(db, fspId))?.companyName ?? fspId },
        message: `${faults.length} ${what}${faults.length === 1 ? '' : 's'} not confirmed: ${fault}`,
      })
    : await clearAlarm(db, clock.now(), { kind, sourceId: fspId })
  if (changed) context.announce('alarms')
}
