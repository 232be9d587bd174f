import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../../platform/db/index.ts'
import { ProblemError } from '../../../../platform/http/index.ts'
import type { MeterReceipt, meteringOperations } from '../../../../schemas/settlement/metering.ts'
import { tradingDayOf } from '../../../../schemas/vocabulary/time.ts'
import type { Call, FspActor, ServerContext } from '../../../kit/index.ts'
import { findUnit } from '../../../market/index.ts'
import { lockUnit, meteredDaysFor, settingsOf } from '../days/index.ts'
import { checkAuthority, checkPeriods, makePeriods, powersOf, stageReadings } from './given.ts'
import { hold } from './hold.ts'
import type { Intake, Upload } from './intake.ts'
import { medianOf, reasonsToHold } from './rules.ts'
import { type Stored, storePeriods } from './store-periods.ts'

/** Called with the FU that received data of days before today. */
export type OnPastData = (context: ServerContext, fuId: string) => Promise<void>

type UploadCall = Pick<
  Call<typeof meteringOperations.uploadReadings>,
  'context' | 'actor' | 'audit' | 'announce' | 'transaction'
>

/**
 * FA04: stores an upload whole or not at all. It is read into the database rather than memory. The same upload again changes
 * nothing (FM21); a corrected value needs a higher revision (FM17), and every revision is kept. An upload that looks like a mistake of unit
 * or sign is held for a person (FM13).
 */
export async function takeUpload(
  call: UploadCall,
  upload: Upload,
  intake: Intake,
  onPastData: OnPastData,
): Promise<MeterReceipt> {
  const { context } = call
  const { receipt, first } = await call.transaction((tx) => store(tx, call, upload, intake))
  call.announce('settlement')
  if (first && tradingDayOf(first).isBefore(tradingDayOf(context.clock.now()))) await onPastData(context, receipt.fuId)
  return receipt
}

async function store(tx: Queryable, call: UploadCall, upload: Upload, intake: Intake): Promise<Stored> {
  const { context, actor, audit } = call
  await stageReadings(tx, upload.readings, intake)
  // Reading a long upload takes time: a period must be over when the last reading arrives.
  const [head, at] = [upload.head(), context.clock.now()]
  const unit = await findUnit(tx, head.fuId, actor.fspId)
  if (!unit) throw new ProblemError('not-found', `You have no FU ${head.fuId}.`)
  intake.settle()
  await makePeriods(tx, head)
  await checkPeriods(tx, intake, head, at, upload.fieldOf)
  await checkAuthority(tx, intake, head, upload.fieldOf)
  intake.settle()
  await lockUnit(tx, head.fuId)
  const known = { maxTurnDownW: unit.maxTurnDownW, ...(await usualOf(tx, actor, head.fuId, at)) }
  const reasons = reasonsToHold(await powersOf(tx, head), known, settingsOf(context))
  if (reasons.length > 0) return { receipt: await hold(tx, { at, actor, audit }, head, reasons), first: null }
  return storePeriods(tx, { at, audit }, head, upload.fieldOf)
}

/** The usual power of an FU over the last two weeks; needs at least a day's worth of values. */
async function usualOf(
  tx: Queryable,
  actor: FspActor,
  fuId: string,
  at: Instant,
): Promise<{ usualW: number | null; hasExported: boolean }> {
  const today = tradingDayOf(at)
  const days = (await meteredDaysFor(tx, actor, [fuId], today.minusDays(14), today)).get(fuId) ?? new Map()
  const values = [...days.values()].flatMap((day) => day.energyWh as (number | null)[]).filter((v) => v !== null)
  const powers = values.filter((v) => v !== 0).map((v) => Math.abs(v) * 4)
  return { usualW: powers.length < 96 ? null : medianOf(powers), hasExported: values.some((v) => v < 0) }
}
