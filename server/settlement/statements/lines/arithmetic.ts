import type {
  LineExplanation,
  PaymentScheme,
  PriceRule,
  StatementLine,
} from '../../../../schemas/settlement/statements.ts'
import { Money } from '../../../../schemas/vocabulary/money.ts'

function factorFormula(scheme: PaymentScheme): string {
  if (scheme.name === 'sliding-scale')
    return `(ratio − ${scheme.fromRatio}) ÷ (${scheme.toRatio} − ${scheme.fromRatio}), between 0 and 1`
  if (scheme.name === 'usef') return '1: the shortfall is charged at the penalty price instead'
  return `1 at ${scheme.graceRatio} and over, less ${scheme.slope} × the shortfall below it, 0 at ${scheme.floorRatio} and under`
}

type Step = LineExplanation['steps'][number]

const given = (value: number | null) => (value === null ? 'missing' : `${value}`)

/** The arithmetic of a line, in the order in which a reader would do it. The figures are those of the line. */
export function stepsOf(line: StatementLine): Step[] {
  return [
    ...instructedSteps(line),
    ...limitSteps(line),
    ...deliverySteps(line),
    factorStep(line),
    ...priceSteps(line),
    ...moneySteps(line),
    ...(line.previousGbp === null
      ? []
      : [
          {
            quantity: 'Amount, £',
            formula: 'worth − settled before',
            working: `${line.settledGbp} − ${line.previousGbp}`,
            result: line.amountGbp,
          },
        ]),
  ]
}

const seconds = (part: { from: string; to: string }) => (Date.parse(part.to) - Date.parse(part.from)) / 1_000

/** Accepted energy: all that was instructed, unless a part of it was refused. */
function acceptedWh(line: StatementLine): number {
  if (line.instructions === null) return line.instructedWh ?? 0
  const accepted = line.instructions.filter((part) => part.outcome === 'accepted')
  return accepted
    .reduce((sum, part) => sum.plus(new Money(part.turnDownW).times(seconds(part))), new Money(0))
    .abs()
    .div(3_600)
    .toDecimalPlaces(3)
    .toNumber()
}

function instructedSteps(line: StatementLine): Step[] {
  if (line.instructions === null || line.instructions.length === 0) return []
  const parts = line.instructions.map((part) => `${Math.abs(part.turnDownW)} W × ${seconds(part)} s (${part.outcome})`)
  return [
    {
      quantity: 'Instructed, Wh',
      formula: `${line.direction ?? 'turn-down'} × time, second by second ÷ 3,600`,
      working: parts.join(' + '),
      result: given(line.instructedWh),
    },
  ]
}

function limitSteps(line: StatementLine): Step[] {
  return [...importLimitSteps(line), ...exportLimitSteps(line)]
}

function importLimitSteps(line: StatementLine): Step[] {
  const { site, baselineWh, limitWh } = line
  if (!site || site.limitWh === null) return []
  if (line.direction === 'turn-up')
    return [
      {
        quantity: 'Import under the limit, Wh',
        formula:
          'baseline + max(0, limit of the site − load of the rest of the site − baselines of its units) × accepted ÷ turn-up accepted of its units',
        working: `${given(baselineWh)} + max(0, ${site.limitWh} − ${site.restWh ?? '0: not measured'} − ${site.baselinesWh}) × ${acceptedWh(line)} ÷ ${Math.max(site.turnUpWh ?? 0, acceptedWh(line))}`,
        result: given(limitWh),
      },
    ]
  return [
    {
      quantity: 'Baseline left under the limit, Wh',
      formula: 'max(0, limit of the site − load of the rest of the site) × baseline ÷ baselines of its units',
      working: `max(0, ${site.limitWh} − ${site.restWh ?? '0: not measured'}) × ${given(baselineWh)} ÷ ${site.baselinesWh}`,
      result: given(limitWh),
    },
  ]
}

function exportLimitSteps(line: StatementLine): Step[] {
  const { site, baselineWh } = line
  if (!site?.export) return []
  const { limitWh, baselinesWh, turnDownWh, leastImportWh = null } = site.export
  return [
    {
      quantity: 'Least import under the export limit, Wh',
      formula:
        'baseline − max(0, export limit of the site + load of the rest of the site + baselines of its units) × accepted ÷ turn-down accepted of its units',
      working:
        leastImportWh === null
          ? 'the rest of the site is not measured'
          : `${given(baselineWh)} − max(0, ${limitWh} + ${given(site.restWh)} + ${baselinesWh}) × ${acceptedWh(line)} ÷ ${Math.max(turnDownWh, acceptedWh(line))}`,
      result: leastImportWh === null ? 'no limit' : `${leastImportWh}`,
    },
  ]
}

const unpaidFlags = new Set<string>(['no-meter-data', 'no-baseline', 'out-of-service', 'unreachable'])

function deliverySteps(line: StatementLine): Step[] {
  const { baselineWh, meteredWh, limitWh, elsewhereWh, instructedWh } = line
  const isUnpaid = line.flags.some((flag) => unpaidFlags.has(flag))
  const isUp = line.direction === 'turn-up'
  const elsewhere = elsewhereWh > 0 ? ` − ${elsewhereWh}` : ''
  const clamped = (expected: number | null, imported: number | null = meteredWh) =>
    isUnpaid
      ? line.flags.join(', ')
      : `clamp(${isUp ? `${given(imported)} − ${given(expected)}` : `${given(expected)} − ${given(imported)}`}${elsewhere}, 0, ${acceptedWh(line)})`
  const isUnderLimit = limitWh !== null && baselineWh !== null && limitWh < baselineWh
  const isBeyond = line.flags.includes('export-limit')
  const isCapped = isBeyond || line.flags.includes('profile-limit') || (!isUp && isUnderLimit)
  const of = (expected: string, imported = 'metered') =>
    `clamp(${isUp ? `${imported} − ${expected}` : `${expected} − ${imported}`}${elsewhere ? ' − delivered by another contract' : ''}, 0, accepted)`
  return [
    {
      quantity: 'Delivered, Wh',
      formula: of('baseline'),
      working: clamped(baselineWh),
      result: `${line.turnedDownWh ?? 0}`,
    },
    ...(isCapped
      ? [
          {
            quantity: 'Paid, Wh',
            formula: isUp
              ? 'clamp(import under the limit − baseline, 0, accepted)'
              : of(
                  isUnderLimit ? 'what the limit leaves of the baseline' : 'baseline',
                  isBeyond ? 'least import under the export limit' : 'metered',
                ),
            working: isUp
              ? `clamp(${given(limitWh)} − ${given(baselineWh)}${elsewhere}, 0, ${acceptedWh(line)})`
              : clamped(
                  isUnderLimit ? limitWh : baselineWh,
                  isBeyond ? (line.site?.export?.leastImportWh ?? null) : meteredWh,
                ),
            result: `${line.deliveredWh}`,
          },
        ]
      : []),
    {
      quantity: 'Delivery ratio',
      formula: 'delivered ÷ instructed',
      working: line.deliveryRatio === null ? 'nothing to compare' : `${line.turnedDownWh ?? 0} ÷ ${instructedWh ?? 0}`,
      result: given(line.deliveryRatio),
    },
  ]
}

function factorStep(line: StatementLine): Step {
  const { terms, instructedWh, toleranceWh, deliveryRatio } = line
  const isSmall = deliveryRatio !== null && (instructedWh ?? 0) < toleranceWh
  const base = isSmall ? `1: less than ${toleranceWh} Wh was instructed` : factorFormula(terms.scheme)
  return {
    quantity: 'Factor',
    formula: `${base}${terms.scheduleAccuracy ? ', times the schedule accuracy factor' : ''}`,
    working: `${given(deliveryRatio)}${terms.scheduleAccuracy ? ` × ${line.accuracyFactor}` : ''}`,
    result: `${line.performanceFactor}`,
  }
}

const ruleInWords: Record<PriceRule, string> = {
  contract: 'the price of the contract',
  'pay-as-bid': 'the cost accepted at the gate, up to the price of the contract',
  'pay-as-clear': 'the dearest price accepted at the node, up to the price of the contract',
}

function priceSteps(line: StatementLine): Step[] {
  if (line.priceRule === 'contract' || !line.instructedWh) return []
  const found = line.priceRule === 'pay-as-clear' ? (line.clearedGbpPerMwh ?? line.bidGbpPerMwh) : line.bidGbpPerMwh
  return [
    {
      quantity: 'Utilisation price, £/MWh',
      formula: ruleInWords[line.priceRule],
      working:
        found === null
          ? `nothing was submitted: ${line.contractGbpPerMwh}`
          : `least of ${found} and ${line.contractGbpPerMwh}`,
      result: line.utilisationGbpPerMwh,
    },
  ]
}

function moneySteps(line: StatementLine): Step[] {
  const { scheme } = line.terms
  const isCharged = scheme.name === 'usef' && line.deliveryRatio !== null
  const isUp = line.direction === 'turn-up'
  const [meteredWh, baselineWh] = [given(line.meteredWh), given(line.baselineWh)]
  const missing = isUp
    ? `(${baselineWh} + ${acceptedWh(line)}) − ${meteredWh}`
    : `${meteredWh} − (${baselineWh} − ${acceptedWh(line)})`
  const penalty = isCharged ? ' − penalty' : ''
  const charged = isCharged ? ` − ${line.penaltyGbp}` : ''
  return [
    {
      quantity: 'Availability, £',
      formula: 'availability price × available MW × ¼ h',
      working: `${line.availabilityGbpPerMwH} × ${line.availableW} ÷ 10⁶ × ¼`,
      result: line.availabilityGbp,
    },
    {
      quantity: 'Utilisation, £',
      formula: 'utilisation price × paid MWh',
      working: `${line.utilisationGbpPerMwh} × ${line.deliveredWh} ÷ 10⁶`,
      result: line.utilisationGbp,
    },
    ...(scheme.name === 'usef' && isCharged
      ? [
          {
            quantity: 'Penalty, £',
            formula: `${scheme.penaltyGbpPerMwh} £/MWh × missing energy: import ${isUp ? 'below baseline + accepted' : 'above baseline − accepted'}, and what was refused`,
            working: line.flags.includes('counted-as-no-delivery')
              ? `${scheme.penaltyGbpPerMwh} × ${line.instructedWh} ÷ 10⁶: no meter data by their deadline`
              : `${scheme.penaltyGbpPerMwh} × (max(0, ${missing}) + ${new Money(line.instructedWh ?? 0).minus(
                  acceptedWh(line),
                )}) ÷ 10⁶`,
            result: line.penaltyGbp,
          },
        ]
      : []),
    {
      quantity: 'Worth, £',
      formula: `(availability + utilisation) × factor${penalty}, rounded half-even to the penny`,
      working: `(${line.availabilityGbp} + ${line.utilisationGbp}) × ${line.performanceFactor}${charged}`,
      result: line.settledGbp,
    },
  ]
}
