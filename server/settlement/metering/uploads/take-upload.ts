import type { Queryable } from '../../../../platform/db/index.ts'
import { ProblemError } from '../../../../platform/http/index.ts'
import type { MeterReceipt, meteringOperations } from '../../../../schemas/settlement/metering.ts'
import { tradingDayOf } from '../../../../schemas/vocabulary/time.ts'
import { type Call, nameOf, type ServerContext } from '../../../kit/index.ts'
import { findUnit } from '../../../market/index.ts'
import { lockUnit } from '../days/index.ts'
import { checkAuthority, checkPeriods, makePeriods, stageReadings } from './given.ts'
import { hold } from './hold.ts'
import type { Intake, Upload } from './intake.ts'
import { judgeUpload } from './plausibility.ts'
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
  const reasons = await judgeUpload(tx, { context, actor, at }, head, unit.maxTurnDownW)
  if (reasons.length > 0) return { receipt: await hold(tx, { at, actor, audit }, head, reasons), first: null }
  return storePeriods(tx, { at, audit, by: nameOf(actor) }, head, upload.fieldOf)
}
