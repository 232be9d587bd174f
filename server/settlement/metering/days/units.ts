import type { Queryable } from '../../../../platform/db/index.ts'
import { ProblemError } from '../../../../platform/http/index.ts'
import { type FspActor, type Person, tenantOf } from '../../../kit/index.ts'
import { findUnit } from '../../../market/index.ts'

/** The FU of a call if the actor may see it, otherwise a 404: to an FSP, another FSP's FU does not exist (FM40). */
export async function requireUnit(tx: Queryable, actor: Person | FspActor, fuId: string) {
  const unit = await findUnit(tx, fuId, tenantOf(actor))
  if (!unit) throw new ProblemError('not-found', `There is no FU ${fuId}.`)
  return unit
}
