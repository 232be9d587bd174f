import type { AlarmKind } from '../../../schemas/grid/alarms.ts'
import { clearAlarm, raiseAlarm } from '../../grid/index.ts'
import type { ServerContext } from '../../kit/index.ts'
import { findFsp } from '../../market/index.ts'

/**
 * Runs the rounds of all FSPs concurrently and independently (FM10). An FSP whose round is still running is left out of the next, so that a
 * hanging FSP delays no other. Resolves to the number of rounds that it started, once they have ended.
 * @param run one round of one FSP; its rejection affects this FSP only, and is logged.
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

/**
 * One alarm per FSP and kind for all faults of a round, cleared by a round without faults.
 * @param what what was not confirmed, in the singular.
 */
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
