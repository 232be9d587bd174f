import { LocalDate } from '@js-joda/core'
import { ProblemError, refuse } from '../../../../platform/http/index.ts'
import type { meteringOperations, UnitMeter } from '../../../../schemas/settlement/metering.ts'
import { brokenField } from '../../../../schemas/vocabulary/outcome.ts'
import { tradingDayOf } from '../../../../schemas/vocabulary/time.ts'
import { type Call, nameOf, type ProposedAct, tenantOf } from '../../../kit/index.ts'
import { listFlexibleUnits } from '../../../market/index.ts'
import { viewMeter } from './evidence.ts'
import { meterRefusal } from './meter-rules.ts'
import { type FuMeterRow, lockMeter, readSpan, saveMeter } from './meters.ts'
import { lockUnit, refreshMeteredDays } from './store.ts'
import { requireUnit } from './units.ts'

type State = typeof meteringOperations.stateUnitMeter

/**
 * States on which days a meter belongs to an FU, and which DER it meters. An FSP states what begins or ends from today on; what is past
 * moves money, so the DNO proposes it and a second person approves.
 */
export const stateMeter: ProposedAct<State, UnitMeter> = {
  async describe(call) {
    const { params } = call
    const { found, next, unitName } = await judge(call)
    if (tenantOf(call.actor) !== null) return null
    const shown = (row: FuMeterRow | undefined) =>
      row && { from: row.fromDay.toString(), until: row.untilDay?.toString() ?? null, derId: row.derId }
    return {
      subject: { type: 'meter', id: `${params.id} ${params.meterId}` },
      title: `Days of meter ${params.meterId} of ${unitName}`,
      before: shown(found) ?? {},
      after: shown(next) ?? {},
    }
  },

  async carryOut(call) {
    const { db, params, audit } = call
    await lockUnit(db, params.id)
    const { next } = await judge(call)
    await saveMeter(db, next)
    const span = await readSpan(db, params.id)
    if (span) await refreshMeteredDays(db, [params.id], tradingDayOf(span.first), tradingDayOf(span.last))
    audit({ action: 'meter.stated', subject: { type: 'fu', id: params.id }, detail: { ...params, ...call.body } })
    call.announce('settlement')
    return viewMeter(next)
  },
}

async function judge({ db, at, actor, params, body }: Call<State>) {
  const unit = await requireUnit(db, actor, params.id)
  const found = await lockMeter(db, params.id, params.meterId)
  const [fromDay, untilDay] = [LocalDate.parse(body.from), body.until === null ? null : LocalDate.parse(body.until)]
  const today = tenantOf(actor) === null ? null : tradingDayOf(at)
  refuse(meterRefusal(found ?? null, { fromDay, untilDay }, today))
  if (body.derId !== null) {
    const [own] = await listFlexibleUnits(db, at, { fuIds: [params.id] })
    if (!own?.derIds.includes(body.derId)) refuse(brokenField('derId', 'is not a DER of this FU'))
  }
  if (found === undefined && untilDay !== null && untilDay.equals(fromDay))
    throw new ProblemError('conflict', `The meter ${params.meterId} would never belong to the FU.`)
  const next = {
    fuId: params.id,
    meterId: params.meterId,
    derId: body.derId,
    fromDay,
    untilDay,
    statedAt: at,
    statedBy: nameOf(actor),
  }
  return { found, next, unitName: unit.name }
}
