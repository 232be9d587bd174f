import { randomUUID } from 'node:crypto'
import type { Instant } from '@js-joda/core'
import { desc, eq, inArray } from 'drizzle-orm'
import type { Database, Queryable } from '../../platform/db/index.ts'
import { fetchBounded, ProblemError } from '../../platform/http/index.ts'
import { outbox } from '../../platform/outbox/index.ts'
import type { AlarmChannelForm, DepotAlarm, DepotAlarmEvent } from '../../schemas/fsp/alarms.ts'
import type { NoticeState } from '../../schemas/vocabulary/notices.ts'
import { momentInWords } from '../../schemas/vocabulary/time.ts'
import type { FspContext } from '../app/context.ts'
import { alarmChannel, type ChannelRow, depotAlarmNotice, sealedChannelKey } from './tables.ts'

const listed = 200

/** Owes every channel that wants to know a notice of an event, in the transaction of the event. */
export async function oweNotices(
  tx: Queryable,
  at: Instant,
  body: { event: DepotAlarmEvent; alarm: DepotAlarm },
): Promise<void> {
  const { alarmId, depotId, level } = body.alarm
  const channels = await tx.select().from(alarmChannel).where(eq(alarmChannel.isActive, true))
  const told = channels.filter(
    ({ fromLevel, depotIds }) =>
      (level === 'red' || fromLevel === 'amber') &&
      (depotIds === null || depotId === null || depotIds.includes(depotId)),
  )
  if (told.length === 0) return
  const rows = told.map(({ channelId }) => ({ noticeId: randomUUID(), alarmId, channelId, body, dueAt: at }))
  await tx.insert(depotAlarmNotice).values(rows.map((row) => ({ ...row, state: 'owed' as const, attempts: 0 })))
}

/** Notices of alarms on their way out: signed webhooks, or lines of text for the channels of a chat program. */
const alarmOutbox = outbox<FspContext, typeof depotAlarmNotice>({
  table: depotAlarmNotice,
  what: 'a notice of an alarm',
  // The addresses are the FSP's own configuration: a chat server may well be on its own network.
  fetchOf: () => fetchBounded,

  async destinations({ db, secrets }, rows) {
    const ids = [...new Set(rows.map(({ channelId }) => channelId))]
    const channels = new Map(
      (await db.select().from(alarmChannel).where(inArray(alarmChannel.channelId, ids))).map((row) => [
        row.channelId,
        row,
      ]),
    )
    return new Map(
      rows.flatMap(({ noticeId, channelId }) => {
        const channel = channels.get(channelId)
        return channel ? [[noticeId, destinationOf(secrets, channel)] as const] : []
      }),
    )
  },

  inWords({ body: { event, alarm } }) {
    const { level, kind, depotId, responsible, message, action, consequence, raisedAt } = alarm
    return {
      subject: `[${level}] ${kind} ${event}${depotId === null ? '' : ` at ${depotId}`}`,
      text: [
        message,
        `Since ${momentInWords(raisedAt)}. ${consequence}`,
        `To do: ${action}`,
        ...(responsible ? [`Responsible: ${responsible.name}, ${responsible.contact}`] : []),
      ].join('\n'),
    }
  },
})

function destinationOf(secrets: FspContext['secrets'], { channelId, address, shape, sealedKey }: ChannelRow) {
  const key = () => (sealedKey === null ? null : secrets.open(sealedKey, sealedChannelKey.use(channelId)))
  return { channel: 'webhook' as const, address, shape, key }
}

/** Sends the notices that are owed and due; returns how many were attempted. */
export function sendNotices(context: FspContext): Promise<number> {
  return alarmOutbox.send(context, null)
}

/** Queues a dead notice again. */
export function sendAgain(tx: Queryable, at: Instant, noticeId: string): Promise<void> {
  return alarmOutbox.sendAgain(tx, at, noticeId, ['dead'])
}

export function listNotices(db: Database, state: NoticeState) {
  return db
    .select()
    .from(depotAlarmNotice)
    .where(eq(depotAlarmNotice.state, state))
    .orderBy(desc(depotAlarmNotice.dueAt))
    .limit(listed)
}

export function listChannels(db: Database): Promise<ChannelRow[]> {
  return db.select().from(alarmChannel).orderBy(alarmChannel.channelId)
}

/** Without a key in the form the present one stays. */
export async function saveChannel(
  tx: Queryable,
  secrets: FspContext['secrets'],
  channelId: string,
  { key, ...form }: AlarmChannelForm,
): Promise<ChannelRow> {
  const sealed = key === undefined ? {} : { sealedKey: secrets.seal(key, sealedChannelKey.use(channelId)) }
  const values = { ...form, ...sealed }
  const [row] = await tx
    .insert(alarmChannel)
    .values({ channelId, ...values })
    .onConflictDoUpdate({ target: alarmChannel.channelId, set: values })
    .returning()
  if (!row) throw new Error('an upsert returned no row')
  return row
}

export async function removeChannel(tx: Queryable, channelId: string): Promise<void> {
  const gone = await tx.delete(alarmChannel).where(eq(alarmChannel.channelId, channelId)).returning()
  if (gone.length === 0) throw new ProblemError('not-found', `There is no channel ${channelId}.`)
}
