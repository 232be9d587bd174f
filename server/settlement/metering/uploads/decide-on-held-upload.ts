import { eq, sql } from 'drizzle-orm'
import type { Queryable } from '../../../../platform/db/index.ts'
import { ProblemError } from '../../../../platform/http/index.ts'
import type { meteringOperations } from '../../../../schemas/settlement/metering.ts'
import { type Call, nameOf, ownTransaction } from '../../../kit/index.ts'
import { lockUnit } from '../days/index.ts'
import { checkAuthority, makePeriods, stageHeld } from './given.ts'
import { Intake, uploadHead } from './intake.ts'
import { type Stored, storePeriods } from './store-periods.ts'
import { heldUpload } from './tables.ts'
import type { OnPastData } from './take-upload.ts'

type Decide = typeof meteringOperations.decideOnHeldUpload

/** A person decides on a held upload: a released upload is stored as if it arrived now, a rejected one stays on file only. */
export function decideOnHeldUpload(onPastData: OnPastData) {
  return ownTransaction<Decide>(async (call) => {
    const stored = await call.transaction((tx) => decide(tx, call))
    call.announce('settlement')
    const receipt = stored?.receipt ?? null
    if (receipt && receipt.stored > 0) await onPastData(call.context, receipt.fuId)
    return { receipt }
  })
}

async function decide(tx: Queryable, { at, actor, params, body, audit }: Call<Decide>): Promise<Stored | null> {
  const holdId = params.id
  const [held] = await tx
    .select({ state: heldUpload.state, fuId: heldUpload.fuId, head: sql<object>`${heldUpload.upload} - 'readings'` })
    .from(heldUpload)
    .where(eq(heldUpload.holdId, holdId))
    .for('update')
  if (!held) throw new ProblemError('not-found', `There is no held upload ${holdId}.`)
  if (held.state !== 'held') throw new ProblemError('conflict', `This upload is already ${held.state}.`)
  const state = body.decision === 'release' ? ('released' as const) : ('rejected' as const)
  const reason = body.reason ?? null
  await tx
    .update(heldUpload)
    .set({ state, decidedAt: at, decidedBy: nameOf(actor), decisionReason: reason })
    .where(eq(heldUpload.holdId, holdId))
  audit({ action: `meter.${state}`, subject: { type: 'fu', id: held.fuId }, detail: { holdId, reason } })
  if (state === 'rejected') return null
  await lockUnit(tx, held.fuId)
  const head = uploadHead.parse(held.head)
  await stageHeld(tx, holdId)
  await makePeriods(tx, head)
  const [intake, fieldOf] = [new Intake(), (place: number) => `readings[${place}]`]
  await checkAuthority(tx, intake, head, fieldOf)
  intake.settle()
  return storePeriods(tx, { at, audit }, head, fieldOf)
}
