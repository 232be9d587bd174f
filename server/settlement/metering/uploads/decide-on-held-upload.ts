import { eq, sql } from 'drizzle-orm'
import type { Queryable } from '../../../../platform/db/index.ts'
import { ProblemError } from '../../../../platform/http/index.ts'
import type { MeterReceipt, meteringOperations } from '../../../../schemas/settlement/metering.ts'
import { type Call, nameOf, type ProposedAct } from '../../../kit/index.ts'
import { findUnit } from '../../../market/index.ts'
import { lockUnit } from '../days/index.ts'
import { checkAuthority, makePeriods, stageHeld } from './given.ts'
import { Intake, uploadHead } from './intake.ts'
import { type Stored, storePeriods } from './store-periods.ts'
import { heldUpload } from './tables.ts'
import type { OnPastData } from './take-upload.ts'

type Decide = typeof meteringOperations.decideOnHeldUpload

/**
 * A released upload is stored as if it arrived now, once a second person has approved the release; one person may reject it, and it stays
 * on file only.
 */
export function decideOnHeldUpload(onPastData: OnPastData): ProposedAct<Decide, { receipt: MeterReceipt | null }> {
  return {
    async describe({ db, params, body }) {
      const held = await lockHeld(db, params.id)
      if (body.decision === 'reject') return null
      const name = (await findUnit(db, held.fuId, null))?.name ?? held.fuId
      return {
        subject: { type: 'held-upload', id: params.id },
        title: `Release ${held.readings} held meter readings of ${name}`,
        before: { state: 'held', reasons: held.reasons },
        after: { state: 'released', reasons: held.reasons, reason: body.reason ?? null },
      }
    },

    async carryOut(call) {
      const stored = await decide(call.db, call)
      call.announce('settlement')
      return { receipt: stored?.receipt ?? null }
    },

    async afterwards({ context }, { receipt }) {
      if (receipt && receipt.stored > 0) await onPastData(context, receipt.fuId)
    },
  }
}

async function lockHeld(tx: Queryable, holdId: string) {
  const { state, fuId, reasons, upload } = heldUpload
  const [held] = await tx
    .select({
      state,
      fuId,
      reasons,
      head: sql<object>`${upload} - 'readings'`,
      readings: sql<number>`jsonb_array_length(${upload} -> 'readings')`,
    })
    .from(heldUpload)
    .where(eq(heldUpload.holdId, holdId))
    .for('update')
  if (!held) throw new ProblemError('not-found', `There is no held upload ${holdId}.`)
  if (held.state !== 'held') throw new ProblemError('conflict', `This upload is already ${held.state}.`)
  return held
}

async function decide(tx: Queryable, { at, actor, params, body, audit }: Call<Decide>): Promise<Stored | null> {
  const holdId = params.id
  const held = await lockHeld(tx, holdId)
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
  return storePeriods(tx, { at, audit, by: nameOf(actor) }, head, fieldOf)
}
