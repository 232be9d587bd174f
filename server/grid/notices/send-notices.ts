import { inArray } from 'drizzle-orm'
import type { Mailer } from '../../../platform/mail/index.ts'
import { momentInWords } from '../../../schemas/vocabulary/time.ts'
import { outbox, type ServerContext } from '../../kit/index.ts'
import { alarmNotice, alarmTarget, sealedTargetKeys } from './tables.ts'

/** Notices of alarms, each to its target. */
export const alarmOutbox = outbox({
  table: alarmNotice,
  what: 'an alarm notice',

  async destinations({ db, secrets }, rows) {
    const ids = [...new Set(rows.map(({ targetId }) => targetId))]
    const found = await db.select().from(alarmTarget).where(inArray(alarmTarget.targetId, ids))
    const targets = new Map(
      found.map(({ targetId, kind, address, sealedKey }) => {
        const key = () => (sealedKey ? secrets.open(sealedKey, sealedTargetKeys.use(targetId)) : null)
        return [targetId, { channel: kind, address, key }]
      }),
    )
    return new Map(
      rows.flatMap(({ noticeId, targetId }) => {
        const target = targets.get(targetId)
        return target ? [[noticeId, target]] : []
      }),
    )
  },

  inWords({ body: { alarm, event } }) {
    return {
      subject: `[${alarm.priority}] ${alarm.source.name}: ${alarm.kind} ${event}`,
      text: [
        alarm.message,
        '',
        `Action: ${alarm.action}`,
        `Consequence: ${alarm.consequence ?? ''}`,
        `Since: ${momentInWords(alarm.raisedAt)}`,
      ].join('\n'),
    }
  },
})

/** Sends the notices of alarms that are owed and due. */
export async function sendNotices(context: ServerContext, mailer: Mailer | null): Promise<void> {
  await alarmOutbox.send(context, mailer)
}
