import { and, desc, gte, inArray } from 'drizzle-orm'
import { fspMarketOperations } from '../../schemas/fsp/market.ts'
import { type OfferRejection, tenderOperations } from '../../schemas/market/tenders.ts'
import { tradingDayOf } from '../../schemas/vocabulary/time.ts'
import type { MarketContext } from '../app/context.ts'
import { answeredTender, type DnoApi, type FlexUnits, type Instructions, submittedDay } from '../flexibility/index.ts'
import type { Forecasts } from '../forecasts/index.ts'
import { bind, type Entrance, maySee, noDepot } from '../kit/index.ts'
import { choicesOf } from './choices.ts'
import { marketEvents } from './events.ts'
import type { Offering } from './offering.ts'

const twoDaysS = 2 * 24 * 3_600
const mostAnswers = 100

export interface MarketApiParts {
  dno: DnoApi
  flexUnits: FlexUnits
  instructions: Instructions
  forecasts: Forecasts
  offering: Offering
  /** Whether a site is ours at present. */
  isKnown(siteId: string): boolean
}

/** What an FSP could offer, what it answered and why, and what it promised. */
export function marketApi(context: MarketContext, parts: MarketApiParts, entrance: Entrance) {
  const { db, clock } = context
  const { dno, flexUnits, forecasts, isKnown } = parts
  const known = (depotId: string) => {
    if (!isKnown(depotId)) throw noDepot(depotId)
    return depotId
  }
  return bind(fspMarketOperations, entrance, {
    async readAvailability({ params }) {
      const [depotId, now] = [known(params.depotId), clock.now()]
      const quarters = await forecasts.of(depotId, now, now.plusSeconds(twoDaysS), now)
      return {
        depotId,
        madeAt: now.toString(),
        quarters: quarters.map(({ fromMs, samplesW: _, ...rest }) => ({
          from: new Date(fromMs).toISOString(),
          ...rest,
        })),
      }
    },

    async listOwnSchedules({ params }) {
      const fuId = flexUnits.ofDepot(known(params.depotId))?.fuId
      if (!fuId) return []
      const today = tradingDayOf(clock.now()).toString()
      const rows = await db
        .select()
        .from(submittedDay)
        .where(and(inArray(submittedDay.fuId, [fuId]), gte(submittedDay.day, today)))
        .orderBy(submittedDay.day, submittedDay.kind, submittedDay.direction)
      return rows.map(({ at, ...row }) => ({ ...row, at: at.toString() }))
    },

    async listOwnChoices({ params }) {
      const fuId = flexUnits.ofDepot(known(params.depotId))?.fuId
      return fuId ? choicesOf(db, fuId, tradingDayOf(clock.now()).minusDays(1)) : []
    },

    listMarketEvents: ({ params, query }) => marketEvents(parts, known(params.depotId), clock.now(), query.days),

    async listTenderAnswers({ caller }) {
      const rows = await db.select().from(answeredTender).orderBy(desc(answeredTender.at)).limit(mostAnswers)
      const answers = []
      for (const { at, units, ...row } of rows) {
        const seen = units.filter(({ depotId }) => maySee(caller, depotId))
        const fates = await fatesOf(dno, row.tenderId, new Set(seen.map(({ fuId }) => fuId)))
        answers.push({ ...row, at: at.toString(), units: seen, fates })
      }
      return answers
    },
  })
}

/** The DNO's reasons for not choosing an offer, for people. */
const inWords: Readonly<Record<OfferRejection, string>> = {
  'outside-zone': 'The unit is not behind the node that the tender is for.',
  'price-not-attractive': 'Others offered the same for less.',
  'not-needed': 'What was required was met without it.',
  'already-contracted': 'The unit is under contract in these windows.',
  'not-reliable': 'The unit delivered too little of what it was instructed before.',
  'serves-others': 'The unit is promised to somebody else in these windows.',
}

/** What became of our offers into a tender; `null`: the DNO could not be asked. */
async function fatesOf(dno: DnoApi, tenderId: string, fuIds: ReadonlySet<string>) {
  const answer = await dno.all(tenderOperations.listTenderResponses, { params: { id: tenderId }, query: {} })
  if (!answer.ok) return null
  return answer.value
    .flatMap(({ offers }) => offers)
    .filter(({ fuId }) => fuIds.has(fuId))
    .map(({ fuId, outcome, rejection }) => ({ fuId, outcome, rejection, because: rejection && inWords[rejection] }))
}
