import type { Instant } from '@js-joda/core'
import type { Task, Timer } from '../../../platform/clock/index.ts'
import { dropPartitions } from '../../../platform/db/index.ts'
import { claimSlot, forgetSlots } from '../../../platform/jobs/index.ts'
import { type Mailer, mailerFromEnvironment } from '../../../platform/mail/index.ts'
import { inSpan } from '../../../platform/tracing/index.ts'
import { hubEventSettings } from '../../../schemas/settings/telemetry.ts'
import { figuresAt, type ServerContext } from '../../kit/index.ts'
import { endShelving, settleDelays } from '../alarms/index.ts'
import { checkExpiry } from '../applications/index.ts'
import { minutePass } from '../compliance/index.ts'
import { checkFeeds } from '../feeds/index.ts'
import { checkSilence } from '../gateways/index.ts'
import { forgetFormerHolders, forgetHeartbeats } from '../hubs/index.ts'
import { sendNotices } from '../notices/index.ts'
import {
  connectionHalfHours,
  forgetBatches,
  forgetHubEvents,
  importTable,
  measurementTable,
  monitorHalfHours,
  nodeHalfHours,
  preparePartitions,
  rollUp,
  telemetryDefaults,
  utcDay,
} from '../telemetry/index.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** The periodic work of the grid wing. When several servers share a database, one of them does each task. */
export function gridJobs(context: ServerContext, mailer: Mailer | null = mailerFromEnvironment()): Timer[] {
  const { clock, db } = context
  const startedAt = clock.now()
  const claimed = (name: string, task: (at: Instant) => Promise<void>) => async (at: Instant) => {
    if (await claimSlot(db, name, at)) await task(at)
  }
  const hourly = async (at: Instant) => {
    await preparePartitions(db, at)
    await checkExpiry(context, at)
  }
  // Silence before compliance, so that failed hubs are already marked.
  const everyMinute: Task[] = [
    (at) => checkSilence(context, at, startedAt),
    (at) => inSpan({ name: 'compliance pass' }, () => minutePass(context, at)),
    (at) => endShelving(context, at),
    (at) => settleDelays(context, at),
    (at) => checkFeeds(context, at),
  ]
  return [
    clock.at('grid-start', startedAt, hourly),
    clock.every('grid-hourly', hourMs, claimed('grid-hourly', hourly)),
    clock.every('grid-minute', minuteMs, claimed('grid-minute', inTurn(everyMinute))),
    // Claims are per notice, so every server may send.
    clock.every('grid-notices', minuteMs, () => sendNotices(context, mailer)),
    // Two minutes after each half-hour: most of its measurements have arrived by then, and late ones make it due again.
    clock.every(
      'grid-rollup',
      hourMs / 2,
      claimed('grid-rollup', (at) => rollUp(context, at)),
      { offsetMs: 2 * minuteMs },
    ),
    clock.every(
      'grid-retention',
      24 * hourMs,
      claimed('grid-retention', (at) => retain(context, at)),
      {
        offsetMs: 3 * hourMs + 10 * minuteMs,
      },
    ),
  ]
}

/** Runs tasks one after the other. A failure does not stop the next task, and is reported after the last one. */
function inTurn(tasks: readonly Task[]): Task {
  return async (at) => {
    const failures: unknown[] = []
    for (const task of tasks) await task(at).catch((error: unknown) => failures.push(error))
    if (failures.length > 0)
      throw failures.length === 1 ? failures[0] : new AggregateError(failures, 'several tasks failed')
  }
}

/** Drops what is past its retention time: raw measurements, imports, the ledger of batches, events of hubs, job slots. */
async function retain({ db, log }: ServerContext, at: Instant): Promise<void> {
  const today = utcDay(at)
  const raw = await dropPartitions(db, measurementTable, today.minusDays(telemetryDefaults.rawDays))
  const imports = await dropPartitions(db, importTable, today.minusDays(telemetryDefaults.importDays))
  for (const target of [connectionHalfHours, monitorHalfHours, nodeHalfHours])
    await dropPartitions(db, target, today.minusDays(telemetryDefaults.halfHourDays))
  // The ledger outlives the readings of a batch; otherwise a repeated batch could be stored again.
  const batchesUntil = at.minusSeconds((telemetryDefaults.rawDays + 1) * 86_400)
  await forgetBatches(db, batchesUntil)
  await forgetFormerHolders(db, batchesUntil)
  await forgetHeartbeats(db, batchesUntil)
  const { keepDays } = await figuresAt(db, hubEventSettings, at)
  await forgetHubEvents(db, at.minusSeconds(keepDays * 86_400))
  await forgetSlots(db, at.minusSeconds(86_400))
  log.info({ raw, imports }, 'old partitions dropped')
}
