import { z } from 'zod'
import { proposal } from '../access/proposals.ts'
import { instructedTurnDown } from '../dispatch/instructions.ts'
import { people, readers } from '../vocabulary/access.ts'
import { csvFile, operation, pdfFile } from '../vocabulary/operation.ts'
import { pageOf, pageQuery } from '../vocabulary/paging.ts'
import {
  amountGbp,
  direction,
  instant,
  instantOrNull,
  month,
  powerW,
  price,
  product,
  signedTurnDownW,
  tradingDay,
  turnDownW,
  uuid,
} from '../vocabulary/units.ts'
import { baselineFallback, baselineMethod } from './baselines.ts'
import { meterSource } from './metering.ts'

export const newStatement = z.object({ fspId: uuid, product, month }).meta({ id: 'NewStatement' })

const ratio = z.number().min(0).max(1)

/** Factor 1 down to `graceRatio`, less `slope` points for each point of delivery below it, 0 at `floorRatio` and below. */
export const graceAndMultiplier = z.object({
  name: z.literal('grace-and-multiplier'),
  graceRatio: ratio,
  slope: z.number().min(0).max(100),
  floorRatio: ratio,
})
export type GraceAndMultiplier = z.infer<typeof graceAndMultiplier>

/** How a contract is paid (domain section 5): data, so that a new scheme of the same family needs no code. */
export const paymentScheme = z
  .discriminatedUnion('name', [
    graceAndMultiplier,
    /** Factor 0 at `fromRatio` and below, 1 at `toRatio` and above, linear between. */
    z.object({ name: z.literal('sliding-scale'), fromRatio: ratio, toRatio: ratio }),
    /** Delivery at the utilisation price, less the shortfall at a penalty price. */
    z.object({ name: z.literal('usef'), penaltyGbpPerMwh: price }),
  ])
  .refine((s) => s.name !== 'sliding-scale' || s.fromRatio < s.toRatio, 'fromRatio must be below toRatio')
  .meta({ id: 'PaymentScheme' })
export type PaymentScheme = z.infer<typeof paymentScheme>

/** The terms that a contract is settled by. */
export const settlementTerms = z
  .object({
    baselineMethod,
    baselineFallback: baselineFallback.default('nominated'),
    /** In-day adjustment: + mean(actual − baseline) over the 3 h that end 1 h before the first event of the day. */
    inDayAdjustment: z.boolean(),
    scheme: paymentScheme,
    /** Multiplies by how well the FSP's own schedule matched its load outside events; for nominated baselines. */
    scheduleAccuracy: z.boolean(),
    /** A quarter-hour without meter data: unpaid, or estimated from its neighbours if they are near. Flagged either way. */
    missingMeterData: z.enum(['unpaid', 'estimate']),
    /** What the contract's meter counts in, Wh, if that is coarser than the tolerance: less instructed energy is not judged. */
    meterResolutionWh: z.number().min(0).max(1e6).optional(),
    /** For `fixed-reference`: import per DER in each local half-hour from midnight, W. */
    referenceWPerDer: z.array(powerW).length(48).nullable(),
  })
  .refine((t) => t.referenceWPerDer !== null || ![t.baselineMethod, t.baselineFallback].includes('fixed-reference'), {
    path: ['referenceWPerDer'],
    message: 'must be given for a fixed reference',
  })
  .meta({ id: 'SettlementTerms' })
export type SettlementTerms = z.infer<typeof settlementTerms>

/** A contract, and what it is settled by. */
export const contractTerms = z.object({ contractId: uuid, terms: settlementTerms }).meta({ id: 'ContractTerms' })
export type ContractTerms = z.infer<typeof contractTerms>

/**
 * How the utilisation price of a period is found (domain section 12). `contract`: the contract's price. `pay-as-bid`: the cost that the
 * gate accepted for the FU and the period. `pay-as-clear`: the dearest accepted price of the node in the period. None exceeds the
 * contract's.
 */
export const priceRule = z.enum(['contract', 'pay-as-bid', 'pay-as-clear'])
export type PriceRule = z.infer<typeof priceRule>

/**
 * Flags on a line for the reader. `no-meter-data`: without data; `no-baseline`: the data do not allow one; `counted-as-no-delivery`: the
 * data are still missing after their deadline; `estimated-meter-data`: interpolated from its neighbours, as the terms allow;
 * `sender-estimate`: the sender marked the reading as an estimate, which settles as a missing one; `incomplete-meter-data`: a meter of the
 * FU has no value; `meter-dropout`: a register fell and returned, which is no energy; `profile-limit`: turn-down that the connection's
 * agreed limit already required is not paid; `export-limit`: turn-down beyond the connection's export limit is not paid; `site-not-measured`: the rest of the site has no meter, so the limit is compared with the FUs
 * alone; `few-days`: too few comparable days, so the baseline is the outturn; `fallback-baseline`: too few comparable days, so the baseline
 * is by the contract's fallback; `long-look-back`: comparable days from beyond the usual look-back count; `hub-meter-data`: measured by the
 * hub at the connection, because the FSP sent nothing; `derived-meter-data`: the same, by a hub that derives its power from current;
 * `apportioned-meter-data`: the meter's period is longer than what was instructed, so its energy is spread; `not-offered`: the FSP offered
 * nothing for the period; `unreachable`: an instruction could not be delivered because the FSP's end failed; `refused`: the FSP refused for
 * a reason of its own; `paid-elsewhere`: another contract is paid for the same turn-down.
 */
export const lineFlag = z.enum([
  'no-meter-data',
  'no-baseline',
  'out-of-service',
  'unreachable',
  'counted-as-no-delivery',
  'estimated-meter-data',
  'sender-estimate',
  'profile-limit',
  'export-limit',
  'site-not-measured',
  'few-days',
  'fallback-baseline',
  'long-look-back',
  'hub-meter-data',
  'derived-meter-data',
  'incomplete-meter-data',
  'meter-dropout',
  'apportioned-meter-data',
  'not-offered',
  'refused',
  'paid-elsewhere',
])

/** One FU and one quarter-hour of a contract window, with everything needed to redo it by hand. */
export const statementLine = z
  .object({
    lineId: uuid,
    number: z.number().int(),
    fuId: uuid,
    fuName: z.string(),
    from: instant,
    to: instant,
    /** That of the contract, in which its W and Wh are, but for meter data, baseline and limit; absent for turn-down. */
    direction: direction.optional(),
    contractedW: turnDownW,
    /** Turn-down whose availability is paid: as a rule what is contracted. */
    availableW: turnDownW,
    /** Turn-down instructed, on average over the period; `null` if nothing was instructed in it. */
    instructedW: turnDownW.nullable(),
    /** The same as energy: what was in force second by second. */
    instructedWh: z.number().nullable(),
    /** The turn-downs that it is made up of; `null` if one accepted turn-down was in force throughout. */
    instructions: z.array(instructedTurnDown).nullable(),
    baselineWh: z.number().nullable(),
    meteredWh: z.number().nullable(),
    /** Delivery as metered, between 0 and what was accepted; `null` if nothing was instructed. */
    turnedDownWh: z.number().nullable(),
    /** The part of it that is paid: not what the connection's agreed limit required anyway. */
    deliveredWh: z.number(),
    /** Delivery as metered that another contract is paid for in the same period. */
    elsewhereWh: z.number(),
    /** Delivery as metered ÷ instructed energy, `null` if nothing was instructed. */
    deliveryRatio: z.number().nullable(),
    performanceFactor: z.number(),
    availabilityGbpPerMwH: price,
    /** The price paid, by the rule; the contract's price where nothing was instructed. */
    utilisationGbpPerMwh: price,
    priceRule,
    /** The contract's utilisation price, which is its ceiling. */
    contractGbpPerMwh: price,
    /** The cost that the FSP submitted and the gate accepted, if the rule uses it. */
    bidGbpPerMwh: price.nullable(),
    /** The dearest accepted price of the node, if the rule uses it. */
    clearedGbpPerMwh: price.nullable(),
    availabilityGbp: z.string(),
    utilisationGbp: z.string(),
    /** USEF: what is charged for missing energy, before and beside the factor. */
    penaltyGbp: z.string(),
    /** Instructed energy below this has factor 1. */
    toleranceWh: z.number(),
    /** Rounded once, half-even, to the penny; lines sum exactly to the statement. */
    amountGbp,
    baselineDays: z.array(z.string()),
    meterRevision: z.number().int().nullable(),
    flags: z.array(lineFlag),
    contractId: uuid,
    inService: z.boolean(),
    /** What the import limit agreed for the connection leaves of the baseline, or lets a turn-up import; `null` if none was agreed. */
    limitWh: z.number().nullable(),
    /**
     * What `limitWh` follows from, Wh: the connection's import limit, `null` where none is agreed; the measured rest of the site; and the
     * baselines of its FUs.
     */
    site: z
      .object({
        limitWh: z.number().nullable(),
        restWh: z.number().nullable(),
        baselinesWh: z.number(),
        /** For turn-up: what the FUs of the site accepted of it. */
        turnUpWh: z.number().optional(),
        /**
         * For turn-down where an export capacity is stated: what may be exported, the baselines with exports as such, what the FUs of the site
         * accepted of turn-down, and the least net import that this leaves the FU; `null` if the rest of the site is not measured.
         */
        export: z
          .object({
            limitWh: z.number(),
            baselinesWh: z.number(),
            turnDownWh: z.number(),
            leastImportWh: z.number().nullable().optional(),
          })
          .optional(),
      })
      .nullable(),
    terms: settlementTerms,
    accuracyFactor: z.number(),
    /** Total worth of the period; on a delta statement `amountGbp` is this less what was settled before. */
    settledGbp: amountGbp,
    previousGbp: amountGbp.nullable(),
  })
  .meta({ id: 'StatementLine' })
export type StatementLine = z.infer<typeof statementLine>

export const statementState = z.enum(['draft', 'checked', 'approved', 'issued'])
export type StatementState = z.infer<typeof statementState>

export const statementEvent = z.enum(['check', 'approve', 'issue', 'return'])
export type StatementEvent = z.infer<typeof statementEvent>

export const statementSummary = z
  .object({
    statementId: uuid,
    number: z.string(),
    fspId: uuid,
    fspName: z.string(),
    product,
    month,
    state: statementState,
    /** 0 for the month's first statement; each re-run after issue is a delta with the next number. */
    delta: z.number().int().min(0),
    checkedBy: z.string().nullable(),
    approvedBy: z.string().nullable(),
    issuedAt: instantOrNull,
    preparedAt: instant,
    preparedBy: z.string(),
    lineCount: z.number().int(),
    deliveredWh: z.number(),
    totalGbp: amountGbp,
    version: z.number().int(),
  })
  .meta({ id: 'StatementSummary' })
export type StatementSummary = z.infer<typeof statementSummary>

const statementMethod = z.enum([...baselineMethod.options, 'mixed'])

export const statement = statementSummary
  .extend({
    /** The method of all contracts of the statement; `mixed` if they differ: each line states its own. */
    baselineMethod: statementMethod,
    /** The scheme of all contracts of the statement; `null` if they differ: each line states its own. */
    scheme: paymentScheme.nullable(),
    /** Version of the setting `settlement.payment` that it was settled by. */
    figuresVersion: z.number().int(),
    lines: z.array(statementLine),
  })
  .meta({ id: 'Statement' })
export type Statement = z.infer<typeof statement>

/** How a line was calculated, so that a reader can redo it by hand. */
export const lineExplanation = z
  .object({
    statementNumber: z.string(),
    line: statementLine,
    /** Uses meter data as known at this instant. */
    asOf: instant,
    baselineMethodInWords: z.string(),
    /** The same period on each day that the baseline averages. */
    baselineValues: z.array(
      z.object({
        day: z.string(),
        from: instant,
        energyWh: z.number(),
        revision: z.number().int(),
        source: meterSource,
      }),
    ),
    steps: z.array(z.object({ quantity: z.string(), formula: z.string(), working: z.string(), result: z.string() })),
  })
  .meta({ id: 'LineExplanation' })
export type LineExplanation = z.infer<typeof lineExplanation>

export const newDispute = z
  .object({ lineNumber: z.number().int().min(1).nullable(), reason: z.string().min(3).max(2_000) })
  .meta({
    id: 'NewDispute',
    example: { lineNumber: 12, reason: 'Our meter has 9,400 Wh for this quarter-hour; see the attached reading.' },
  })

export const disputeOutcome = z
  .object({ state: z.enum(['upheld', 'rejected', 'withdrawn']), outcome: z.string().min(3).max(2_000) })
  .meta({ id: 'DisputeOutcome' })

export const disputeState = z.enum(['open', ...disputeOutcome.shape.state.options])

export const dispute = newDispute
  .extend({
    disputeId: uuid,
    statementId: uuid,
    state: disputeState,
    raisedAt: instant,
    raisedBy: z.string(),
    outcome: z.string().nullable(),
    decidedAt: instantOrNull,
    decidedBy: z.string().nullable(),
  })
  .meta({ id: 'Dispute' })
export type Dispute = z.infer<typeof dispute>

/** How an FU delivered in a month, from its statement lines. */
export const deliveryReport = z
  .object({
    fuId: uuid,
    fuName: z.string(),
    instructedPeriods: z.number().int(),
    /** Paid at the floor, or without meter data or baseline. */
    failedPeriods: z.number().int(),
    longestFailure: z.number().int(),
    meanRatio: z.number().nullable(),
  })
  .meta({ id: 'DeliveryReport' })
export type DeliveryReport = z.infer<typeof deliveryReport>

/** One method in the comparison for a day: its series, and what the day would have paid by it. */
export const comparedBaseline = z.object({
  method: baselineMethod,
  /** Whether the in-day adjustment is included. Each method appears once without it and, if an event and its data allow, once with it. */
  inDayAdjustment: z.boolean(),
  /** Whether a contract of the day is settled by exactly this. */
  isInForce: z.boolean(),
  /** The days that it averages, latest first. */
  days: z.array(z.string()),
  /** BL01 with too few days: the baseline equals the metered values. */
  isOutturn: z.boolean(),
  /** Per quarter-hour of the day, Wh. */
  energyWh: z.array(z.number().nullable()),
  deliveredWh: z.number(),
  /** What the day's contracts would pay by it, with their other terms unchanged; `null` without a contract. */
  amountGbp: amountGbp.nullable(),
})

/** All methods that the data of a day allow, with their effect in £. */
export const baselineComparison = z
  .object({
    fuId: uuid,
    tradingDay: z.string(),
    /** Contracts with a window on the day. */
    contracts: z.array(
      z.object({ contractId: uuid, product, baselineMethod, inDayAdjustment: z.boolean(), scheme: paymentScheme }),
    ),
    periods: z.array(
      z.object({
        from: instant,
        to: instant,
        meteredWh: z.number().nullable(),
        instructedW: signedTurnDownW.nullable(),
      }),
    ),
    methods: z.array(comparedBaseline),
  })
  .meta({ id: 'BaselineComparison' })
export type BaselineComparison = z.infer<typeof baselineComparison>

const params = z.object({ id: uuid })
const tags = ['Settlement']

/** Statements, their files, their life up to issue, and disputes. */
export const statementOperations = {
  listStatements: operation({
    method: 'get',
    path: '/statements',
    access: readers,
    tags,
    summary: 'Statements',
    query: pageQuery(),
    answer: pageOf(statementSummary),
  }),
  prepareStatement: operation({
    method: 'post',
    path: '/statements',
    access: people('settlement'),
    tags,
    summary: 'Prepare a draft statement, or a delta statement for a month already issued',
    body: newStatement,
    answer: statement,
    problems: ['not-found', 'conflict'],
  }),
  readStatement: operation({
    method: 'get',
    path: '/statements/{id}',
    access: readers,
    tags,
    summary: 'One statement with its lines',
    params,
    answer: statement,
    problems: ['not-found'],
    versionedBy: 'version',
  }),
  readStatementCsv: operation({
    method: 'get',
    mayLag: true,
    path: '/statements/{id}/csv',
    access: readers,
    tags,
    summary: 'A statement as CSV',
    params,
    answer: csvFile(),
    problems: ['not-found'],
  }),
  readStatementPdf: operation({
    method: 'get',
    mayLag: true,
    path: '/statements/{id}/pdf',
    access: readers,
    tags,
    summary: 'A statement as PDF',
    params,
    answer: pdfFile,
    problems: ['not-found'],
  }),
  moveStatement: operation({
    method: 'post',
    path: '/statements/{id}/state',
    access: people('settlement'),
    tags,
    summary:
      'Check, approve, issue or return a statement; only a person who neither prepared nor checked it can approve it',
    description: 'If-Match names the version of the statement that you have read.',
    params,
    body: z.object({ event: statementEvent }),
    answer: statement,
    problems: ['not-found', 'conflict', 'second-person-needed'],
    versionedBy: 'version',
    recent: true,
  }),
  explainLine: operation({
    method: 'get',
    path: '/statements/{id}/lines/{lineId}/explanation',
    access: readers,
    tags,
    summary: 'A line with its inputs and arithmetic',
    params: params.extend({ lineId: uuid }),
    answer: lineExplanation,
    problems: ['not-found'],
  }),
  listDelivery: operation({
    method: 'get',
    mayLag: true,
    path: '/statements/{id}/delivery',
    access: readers,
    tags,
    summary: 'Non-delivery per unit',
    params,
    query: pageQuery(),
    answer: pageOf(deliveryReport),
    problems: ['not-found'],
  }),
  compareBaselines: operation({
    method: 'get',
    mayLag: true,
    path: '/flexible-units/{id}/baselines',
    access: readers,
    tags,
    summary: 'All baselines of a day, each with what the day would have paid by it',
    params,
    query: z.object({ day: tradingDay }),
    answer: baselineComparison,
    problems: ['not-found'],
  }),
}

/** Disputes about issued statements. */
export const disputeOperations = {
  listDisputes: operation({
    method: 'get',
    path: '/statements/{id}/disputes',
    access: readers,
    tags,
    summary: 'Disputes of a statement',
    params,
    query: pageQuery(),
    answer: pageOf(dispute),
    problems: ['not-found'],
  }),
  raiseDispute: operation({
    method: 'post',
    path: '/statements/{id}/disputes',
    access: readers,
    tags,
    summary: 'Dispute a statement or a line',
    params,
    body: newDispute,
    answer: dispute,
    problems: ['not-found', 'conflict'],
  }),
  decideOnDispute: operation({
    method: 'post',
    path: '/disputes/{id}/outcome',
    access: people('settlement'),
    tags,
    summary: 'Decide a dispute',
    params,
    body: disputeOutcome,
    answer: dispute,
    problems: ['not-found', 'conflict'],
  }),
}

/** The terms that contracts are settled by. */
export const settlementTermsOperations = {
  listSettlementTerms: operation({
    method: 'get',
    path: '/settlement-terms',
    access: readers,
    tags,
    summary: 'The settlement terms of contracts, in the order of `GET /contracts`',
    query: pageQuery(),
    answer: pageOf(contractTerms),
  }),
  readSettlementTerms: operation({
    method: 'get',
    path: '/contracts/{id}/settlement-terms',
    access: readers,
    tags,
    summary: 'The settlement terms of a contract',
    params,
    answer: settlementTerms,
    problems: ['not-found'],
  }),
  setSettlementTerms: operation({
    method: 'put',
    path: '/contracts/{id}/settlement-terms',
    access: people('settlement'),
    tags,
    summary: 'Propose settlement terms of a contract, which a second person approves',
    params,
    body: settlementTerms,
    answer: proposal,
    problems: ['not-found', 'conflict'],
  }),
}
