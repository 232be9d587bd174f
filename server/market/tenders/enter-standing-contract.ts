import { randomUUID } from 'node:crypto'
import { LocalDate } from '@js-joda/core'
import { ProblemError, problemOf } from '../../../platform/http/index.ts'
import type { Contract, contractOperations, StandingContract } from '../../../schemas/market/contracts.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { type Call, nameOf, type ProposedAct } from '../../kit/index.ts'
import { authorisedDays } from '../authorities/index.ts'
import { oweFspNotices } from '../notices/index.ts'
import { findFsp, findUnit } from '../parties/index.ts'
import { givenProduct } from '../products/index.ts'
import { clashes } from './clashes.ts'
import { standingRefusal } from './rules/standing.ts'
import { stackedInWords, stackingOf } from './stacked.ts'
import { listContracts } from './store.ts'
import { contract } from './tables.ts'
import { made } from './told.ts'

type Entry = typeof contractOperations.enterStandingContract

/** Contracts an FU without a tender, once a second person has approved. */
export const enterStandingContract: ProposedAct<Entry, Contract> = {
  async describe(call) {
    const { unit, fspName, stacked } = await checked(call)
    return {
      subject: { type: 'fu', id: unit.fuId },
      title: `Contract ${unit.name} of ${fspName} for product ${call.body.product} without a tender`,
      before: {},
      // Where conflicts are flagged, the second person sees them.
      after: { ...call.body, ...(stacked.length > 0 ? { servesOthers: stacked.map(stackedInWords) } : {}) },
    }
  },

  async carryOut(call) {
    const { db, at, actor, body } = call
    const { unit, stacked } = await checked(call)
    const contractId = randomUUID()
    await db.insert(contract).values({
      contractId,
      tenderId: null,
      offerId: null,
      reference: body.reference,
      fspId: unit.fspId,
      fuId: unit.fuId,
      product: body.product,
      direction: body.direction,
      turnDownW: body.turnDownW,
      availability: body.availabilityGbpPerMwH,
      utilisation: body.utilisationGbpPerMwh,
      ...termOfEntry(body),
      baselineMethod: body.baselineMethod,
      baselineFallback: body.baselineFallback,
      awardedAt: at,
      awardedBy: nameOf(actor),
    })
    call.audit({
      action: 'contract.entered',
      subject: { type: 'contract', id: contractId },
      detail: { ...body, stacked },
    })
    for (const topic of ['market', 'dispatch'] as const) call.announce(topic)
    const [entered] = await listContracts(db, { contractId })
    if (!entered) throw new Error(`contract ${contractId} was not stored`)
    await oweFspNotices(db, at, made(contractId, [entered]))
    return entered
  },
}

/** The FU and its FSP, if the contract can be entered. @throws ProblemError if not. */
async function checked({ db, at, body }: Call<Entry>) {
  const product = await givenProduct(db, body.product, at)
  const unit = await findUnit(db, body.fuId, null)
  const fsp = unit && (await findFsp(db, unit.fspId))
  if (!unit || !fsp) throw new ProblemError('not-found', `There is no FU ${body.fuId}.`)
  const authorised = await authorisedDays(db, [unit.fuId])
  const isAuthorised = authorised.on(unit.fuId, LocalDate.parse(body.validFrom))
  const refusal = standingRefusal(body, { today: tradingDayOf(at), product, unit, isAuthorised })
  if (refusal) throw problemOf(refusal)
  const [clash] = await clashes(db, [{ fuId: unit.fuId, ...termOfEntry(body) }])
  if (clash) throw new ProblemError('conflict', `${clash}: one FU has one contract at a time.`)
  const stacking = await stackingOf(db, at, [{ fuId: unit.fuId, ...termOfEntry(body) }])
  if (stacking.isRefused && stacking.met[0])
    throw new ProblemError('conflict', `${stackedInWords(stacking.met[0])}: leave that time out.`)
  return { unit, fspName: fsp.companyName, stacked: stacking.met }
}

function termOfEntry({ validFrom, validTo, windows, turnDownW }: StandingContract) {
  return {
    validFrom: LocalDate.parse(validFrom),
    validTo: LocalDate.parse(validTo),
    windows: windows.map((window) => ({ ...window, requiredW: turnDownW })),
  }
}
