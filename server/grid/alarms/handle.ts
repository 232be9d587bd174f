import { eq } from 'drizzle-orm'
import { ProblemError } from '../../../platform/http/index.ts'
import type { Alarm, AlarmEventName, alarmOperations } from '../../../schemas/grid/alarms.ts'
import { type Call, nameOf } from '../../kit/index.ts'
import { lockAlarm, record } from './journal.ts'
import { alarm } from './tables.ts'
import { type AlarmRow, viewAlarm } from './views.ts'

/** What a person does to an alarm: the change, and how journal and audit name it. */
export interface Handling {
  event: AlarmEventName
  change: Partial<AlarmRow>
  detail: string
}

type HandlingCall = Pick<
  Call<typeof alarmOperations.acknowledgeAlarm>,
  'db' | 'at' | 'actor' | 'params' | 'audit' | 'announce'
>

/** Applies what `handling` decides to an alarm, with its journal and audit entries; `null` means nothing to do. */
export async function handle(call: HandlingCall, handling: (row: AlarmRow) => Handling | null): Promise<Alarm> {
  const { db, at, actor, params } = call
  const found = await lockAlarm(db, params.id)
  if (!found) throw new ProblemError('not-found', `There is no alarm ${params.id}.`)
  const done = handling(found)
  if (!done) return viewAlarm(found)
  const [saved = found] = await db.update(alarm).set(done.change).where(eq(alarm.alarmId, params.id)).returning()
  await record(db, at, saved, done.event, { actor: nameOf(actor), detail: done.detail })
  call.audit({
    action: `alarm.${done.event}`,
    subject: { type: 'alarm', id: params.id },
    detail: { kind: found.kind, source: found.sourceId, state: saved.state, detail: done.detail },
  })
  call.announce('alarms')
  return viewAlarm(saved)
}
