import { randomUUID } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { eq, type SQL, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { ProblemError } from '../../../platform/http/index.ts'
import type { holdDecision, MeterReceipt } from '../../../schemas/settlement/metering.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { type Actor, nameOf, recordAudit, type ServerContext } from '../../kit/index.ts'
import { listFlexibleUnits } from '../../market/index.ts'
import {
  checkPeriods,
  type GivenReading,
  type Intake,
  makePeriods,
  powersOf,
  stageHeld,
  stageReadings,
} from './given.ts'
import { type UploadHead, uploadHead } from './json.ts'
import { medianOf, minutesOf, oddities } from './rules.ts'
import { settingsOf } from './settings.ts'
import { lockUnit, meteredDays, refreshMeteredDays } from './store.ts'
import { heldUpload } from './tables.ts'

type Tx = Parameters<Parameters<ServerContext['db']['transaction']>[0]>[0]

type Uploader = Extract<Actor, { kind: 'fsp' }>

/** An upload as it arrives: its readings, how to name one of them, and what is said of all, which may come after them. */
export interface Upload {
  readings: AsyncIterable<GivenReading>
  /** Its place, or its stamp there. */
  fieldOf: (place: number, column?: 'at') => string
  head: () => UploadHead
}

/** What became of an upload, and the start of the first period that was new. */
export interface Stored {
  receipt: MeterReceipt
  first: Instant | null
}

/**
 * FA04: stores an upload whole or not at all. It is read as it arrives, into the database and not into memory. The same upload again
 * changes nothing (FM21); a corrected value needs a higher revision (FM17), and every revision is kept. One that looks like a mistake of
 * unit or sign is held for a person (FM13).
 */
export async function uploadReadings(
  context: ServerContext,
  actor: Uploader,
  upload: Upload,
  intake: Intake,
): Promise<Stored> {
  const stored = await context.db.transaction(async (tx) => {
    await stageReadings(tx, upload.readings, intake)
    const [head, at] = [upload.head(), context.clock.now()]
    const [unit] = await listFlexibleUnits(tx, at, { fspId: actor.fspId, fuIds: [head.fuId] })
    if (!unit) throw new ProblemError('not-found', `There is no FU ${head.fuId} of yours.`)
    intake.settle()
    await makePeriods(tx, head)
    await checkPeriods(tx, intake, head, at, upload.fieldOf)
    intake.settle()
    await lockUnit(tx, head.fuId)
    const known = { maxTurnDownW: unit.maxTurnDownW, ...(await usualOf(tx, head.fuId, at)) }
    const reasons = oddities(await powersOf(tx, head), known, settingsOf(context))
    if (reasons.length > 0) return { receipt: await hold(tx, at, actor, head, reasons), first: null }
    return storePeriods(tx, at, actor, head, upload.fieldOf)
  })
  context.announce('settlement')
  return stored
}

/** The usual power of an FU over the last two weeks; a day's worth of values is the least that says what is usual. */
async function usualOf(tx: Tx, fuId: string, at: Instant): Promise<{ usualW: number | null; hasExported: boolean }> {
  const today = tradingDayOf(at)
  const days = (await meteredDays(tx, [fuId], today.minusDays(14), today)).get(fuId) ?? new Map()
  const values = [...days.values()].flatMap((day) => day.energyWh as (number | null)[]).filter((v) => v !== null)
  const powers = values.filter((v) => v !== 0).map((v) => Math.abs(v) * 4)
  return { usualW: powers.length < 96 ? null : medianOf(powers), hasExported: values.some((v) => v < 0) }
}

/** Keeps an upload for a person, as periods in order of time; the same once more is the same hold. */
async function hold(
  tx: Tx,
  at: Instant,
  actor: Uploader,
  { fuId, meterId, resolution, revision }: UploadHead,
  reasons: string[],
): Promise<MeterReceipt> {
  const upload = sql`jsonb_build_object('fuId', ${fuId}::text, 'meterId', ${meterId}::text, 'resolution', ${resolution}::text,
    'stamp', 'period-start', 'revision', ${revision}::int, 'readings', (
      select jsonb_agg(jsonb_build_object('at', to_char(period_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        'energyWh', energy_wh, 'quality', quality) order by period_start) from given_period))`
  const counts = { fuId, stored: 0, unchanged: 0, superseded: 0 }
  const [twin] = await tx.execute<{ hold_id: string }>(sql`
    select hold_id from held_upload where fu_id = ${fuId}::uuid and state = 'held' and upload = ${upload}`)
  if (twin) return { ...counts, holdId: twin.hold_id }
  const holdId = randomUUID()
  await tx.execute(sql`
    insert into held_upload (hold_id, fsp_id, fu_id, upload, reasons, received_at, received_from, state)
    values (${holdId}::uuid, ${actor.fspId}::uuid, ${fuId}::uuid, ${upload}, ${JSON.stringify(reasons)}::text::jsonb,
      ${at.toString()}::timestamptz, ${nameOf(actor)}, 'held')`)
  await recordAudit(tx, at, actor, {
    action: 'meter.held',
    subject: { type: 'fu', id: fuId },
    detail: { holdId, reasons },
  })
  return { ...counts, holdId }
}

/** A person decides on a held upload: released it is stored as if it came now, rejected it stays on file only. */
export async function decideHold(
  context: ServerContext,
  actor: Actor,
  holdId: string,
  { decision, reason }: z.infer<typeof holdDecision>,
): Promise<Stored | null> {
  const at = context.clock.now()
  const stored = await context.db.transaction(async (tx) => {
    const [held] = await tx
      .select({ state: heldUpload.state, fuId: heldUpload.fuId, head: sql<object>`${heldUpload.upload} - 'readings'` })
      .from(heldUpload)
      .where(eq(heldUpload.holdId, holdId))
      .for('update')
    if (!held) throw new ProblemError('not-found', `There is no held upload ${holdId}.`)
    if (held.state !== 'held') throw new ProblemError('conflict', `This upload was ${held.state} already.`)
    const state = decision === 'release' ? ('released' as const) : ('rejected' as const)
    await tx
      .update(heldUpload)
      .set({ state, decidedAt: at, decidedBy: nameOf(actor), decisionReason: reason ?? null })
      .where(eq(heldUpload.holdId, holdId))
    await recordAudit(tx, at, actor, {
      action: `meter.${state}`,
      subject: { type: 'fu', id: held.fuId },
      detail: { holdId, reason: reason ?? null },
    })
    if (decision === 'reject') return null
    await lockUnit(tx, held.fuId)
    const head = uploadHead.parse(held.head)
    await stageHeld(tx, holdId)
    await makePeriods(tx, head)
    return storePeriods(tx, at, actor, head, (place) => `readings[${place}]`)
  })
  context.announce('settlement')
  return stored
}

async function storePeriods(
  tx: Tx,
  receivedAt: Instant,
  actor: Actor,
  head: UploadHead,
  fieldOf: Upload['fieldOf'],
): Promise<Stored> {
  const { fuId, meterId, revision, resolution } = head
  const minutes = minutesOf[resolution]
  const same = sql`r.fu_id = ${fuId}::uuid and r.period_start = g.period_start and r.minutes = ${minutes}::int and r.source = 'upload'`
  await refuseReusedRevision(tx, head, same, fieldOf)
  const [row] = await tx.execute<{
    stored: number
    superseded: number
    given: number
    first: string | null
    last: string | null
  }>(sql`
    with fresh as (
      select g.*, (select max(r.revision) from meter_reading r where ${same}) as highest from given_period g
      where not exists (select 1 from meter_reading r where ${same} and r.revision = ${revision}::int)
    ), stored as (
      insert into meter_reading (fu_id, period_start, minutes, source, revision, energy_wh, quality, meter_id, received_at)
      select ${fuId}::uuid, period_start, ${minutes}::int, 'upload', ${revision}::int, energy_wh, quality, ${meterId},
        ${receivedAt.toString()}::timestamptz from fresh
    )
    select count(*)::int as stored, (count(*) filter (where highest < ${revision}::int))::int as superseded,
      (select count(*)::int from given_period) as given, min(period_start)::text as first, max(period_start)::text as last from fresh`)
  if (!row) throw new Error('an insert answers with its counts')
  const instantOf = (text: string) => Instant.ofEpochMilli(Date.parse(text))
  const first = row.first === null ? null : instantOf(row.first)
  if (first && row.last !== null)
    await refreshMeteredDays(tx, [fuId], tradingDayOf(first), tradingDayOf(instantOf(row.last)))
  const counts = { stored: row.stored, unchanged: row.given - row.stored, superseded: row.superseded }
  if (row.superseded > 0)
    await recordAudit(tx, receivedAt, actor, {
      action: 'meter.corrected',
      subject: { type: 'fu', id: fuId },
      detail: { ...counts, revision },
    })
  return { receipt: { fuId, ...counts, holdId: null }, first }
}

/** A revision that is there already has to say the same as before. */
async function refuseReusedRevision(
  tx: Tx,
  { revision }: UploadHead,
  same: SQL,
  fieldOf: Upload['fieldOf'],
): Promise<void> {
  const [other] = await tx.execute<{ place: number; at: string; was: number | null; is: number | null }>(sql`
    select g.place, g.period_start::text as at, r.energy_wh as was, g.energy_wh as is
    from given_period g join meter_reading r on ${same} and r.revision = ${revision}::int
    where r.energy_wh is distinct from g.energy_wh order by g.place limit 1`)
  if (!other) return
  const at = Instant.ofEpochMilli(Date.parse(other.at))
  const message = `revision ${revision} of ${at} was ${other.was} Wh before and is ${other.is} Wh now: send corrections with a higher revision`
  const field = fieldOf(other.place)
  throw new ProblemError('conflict', `${field}: ${message}.`, { errors: [{ field, message }] })
}
