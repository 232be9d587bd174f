import { ProblemError } from '../../platform/http/index.ts'
import { depotAlarmOperations } from '../../schemas/fsp/alarms.ts'
import type { FspContext } from '../app/context.ts'
import { bind, type Caller, type Entrance, maySee, noDepot, requireChange } from '../kit/index.ts'
import type { DepotAlarms } from './alarms.ts'
import { listChannels, listNotices, removeChannel, saveChannel, sendAgain } from './notices.ts'
import type { AlarmRow, ChannelRow } from './tables.ts'

/** Alarms of the depots, how they are watched, and who is told. What is of several depots is seen by everybody. */
export function depotAlarmApi(context: FspContext, alarms: DepotAlarms, entrance: Entrance) {
  const { db, clock, secrets } = context
  const isSeen = (caller: Caller, { depotId }: AlarmRow) => depotId === null || maySee(caller, depotId)
  const known = (depotId: string) => {
    if (!context.depots.some((depot) => depot.depotId === depotId)) throw noDepot(depotId)
    return depotId
  }
  const seen = (caller: Caller, row: AlarmRow) => {
    if (!isSeen(caller, row)) throw new ProblemError('not-found', `Alarm ${row.alarmId} not found.`)
    return row
  }
  return bind(depotAlarmOperations, entrance, {
    async listDepotAlarms({ caller, query: { depotId, kind, state } }) {
      const rows = await alarms.list(state, kind)
      return rows
        .filter((row) => isSeen(caller, row) && (depotId === undefined || row.depotId === depotId))
        .map((row) => alarms.view(row))
    },

    async readAlarmHistory({ caller, params: { alarmId } }) {
      seen(caller, await alarms.find(alarmId))
      return (await alarms.history(alarmId)).map(entryOf)
    },

    acknowledgeDepotAlarm({ caller, params: { alarmId }, body, audit }) {
      const check = (row: AlarmRow) => {
        seen(caller, row)
        if (row.depotId !== null) requireChange(caller, row.depotId)
      }
      const record = { action: 'alarm.acknowledged', subject: alarmId, detail: { ...body } }
      return alarms.acknowledge(alarmId, { actor: caller.username, note: body.note }, check, (tx) => audit(record, tx))
    },

    listAlarmSettings: ({ params }) => alarms.settings.list(known(params.depotId)),

    async setAlarmSetting({ params: { depotId, kind }, body, audit }) {
      known(depotId)
      const record = { action: 'alarm-setting.changed', subject: depotId, detail: { kind, ...body } }
      await alarms.settings.set(depotId, kind, body, (tx) => audit(record, tx))
      return alarms.settings.view(depotId, kind)
    },

    listAlarmChannels: async () => (await listChannels(db)).map(viewOf),

    saveAlarmChannel({ params: { channelId }, body, audit }) {
      const { key, ...detail } = body
      const record = {
        action: 'alarm-channel.saved',
        subject: channelId,
        detail: { ...detail, hasNewKey: key !== undefined },
      }
      return db.transaction(async (tx) => {
        await audit(record, tx)
        return viewOf(await saveChannel(tx, secrets, channelId, body))
      })
    },

    removeAlarmChannel({ params: { channelId }, audit }) {
      return db.transaction(async (tx) => {
        await audit({ action: 'alarm-channel.removed', subject: channelId }, tx)
        await removeChannel(tx, channelId)
      })
    },

    async listDepotAlarmNotices({ query: { state } }) {
      return (await listNotices(db, state)).map(noticeOf)
    },

    retryDepotAlarmNotice({ params: { noticeId }, audit }) {
      return db.transaction(async (tx) => {
        await audit({ action: 'alarm-notice.retried', subject: noticeId }, tx)
        await sendAgain(tx, clock.now(), noticeId)
      })
    },
  })
}

type HistoryRow = Awaited<ReturnType<DepotAlarms['history']>>[number]

function entryOf({ entryId: _, alarmId: _id, at, ...entry }: HistoryRow) {
  return { ...entry, at: at.toString() }
}

type NoticeRow = Awaited<ReturnType<typeof listNotices>>[number]

function noticeOf({ body, dueAt, sentAt, ...row }: NoticeRow) {
  return { ...row, event: body.event, dueAt: dueAt.toString(), sentAt: sentAt?.toString() ?? null }
}

function viewOf({ sealedKey, ...row }: ChannelRow) {
  return { ...row, hasKey: sealedKey !== null }
}
