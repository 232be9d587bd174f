import {
  type PaymentScheme,
  type SettlementTerms,
  settlementTerms,
} from '../../../../../schemas/settlement/statements.ts'
import { type DraftStep, gridOf, stepsFault, stepsOfGrid, watts } from '../../../../shared/profiles/steps.ts'

/** Settlement terms as they are typed. Numbers of all schemes are kept, so that changing one's mind loses nothing. */
export interface TermsDraft
  extends Pick<SettlementTerms, 'baselineMethod' | 'inDayAdjustment' | 'scheduleAccuracy' | 'missingMeterData'> {
  scheme: PaymentScheme['name']
  gracePercent: string
  slope: string
  floorPercent: string
  fromPercent: string
  toPercent: string
  penalty: string
  /** kW per DER, for a fixed reference. */
  reference: DraftStep[]
}

/** The parameters that a scheme begins with where a contract has another one (domain section 5). */
const usual = { gracePercent: '95', slope: '3', floorPercent: '63', fromPercent: '50', toPercent: '100', penalty: '' }

const percent = (ratio: number) => String(Number((ratio * 100).toFixed(6)))

export function termsDraft(terms: SettlementTerms): TermsDraft {
  const { baselineMethod, inDayAdjustment, scheduleAccuracy, missingMeterData, scheme, referenceWPerDer } = terms
  const own =
    scheme.name === 'grace-and-multiplier'
      ? {
          gracePercent: percent(scheme.graceRatio),
          slope: String(scheme.slope),
          floorPercent: percent(scheme.floorRatio),
        }
      : scheme.name === 'sliding-scale'
        ? { fromPercent: percent(scheme.fromRatio), toPercent: percent(scheme.toRatio) }
        : { penalty: scheme.penaltyGbpPerMwh }
  return {
    baselineMethod,
    inDayAdjustment,
    scheduleAccuracy,
    missingMeterData,
    ...usual,
    ...own,
    scheme: scheme.name,
    reference: stepsOfGrid((referenceWPerDer ?? Array(48).fill(0)).map((w) => String(w / 1_000))),
  }
}

const ratio = (typed: string) => (typed.trim() === '' ? Number.NaN : Number(typed) / 100)

function schemeOf(draft: TermsDraft): PaymentScheme {
  if (draft.scheme === 'grace-and-multiplier')
    return {
      name: draft.scheme,
      graceRatio: ratio(draft.gracePercent),
      floorRatio: ratio(draft.floorPercent),
      slope: draft.slope.trim() === '' ? Number.NaN : Number(draft.slope),
    }
  if (draft.scheme === 'sliding-scale')
    return { name: draft.scheme, fromRatio: ratio(draft.fromPercent), toRatio: ratio(draft.toPercent) }
  return { name: draft.scheme, penaltyGbpPerMwh: draft.penalty.trim() }
}

const fieldOf: Record<string, keyof TermsDraft> = {
  graceRatio: 'gracePercent',
  floorRatio: 'floorPercent',
  slope: 'slope',
  fromRatio: 'fromPercent',
  toRatio: 'toPercent',
  penaltyGbpPerMwh: 'penalty',
}

/** Terms as the API takes them, or what is wrong by field of the form. */
export function readTerms(draft: TermsDraft): { terms: SettlementTerms | null; faults: Map<string, string> } {
  const faults = new Map<string, string>()
  const isFixed = draft.baselineMethod === 'fixed-reference'
  const reference = isFixed ? gridOf(draft.reference)?.map(watts) : null
  const referenceFault = isFixed ? stepsFault(draft.reference) : null
  if (referenceFault) faults.set('reference', referenceFault)
  const parsed = settlementTerms.safeParse({
    baselineMethod: draft.baselineMethod,
    inDayAdjustment: draft.inDayAdjustment,
    scheme: schemeOf(draft),
    scheduleAccuracy: draft.scheduleAccuracy,
    missingMeterData: draft.missingMeterData,
    referenceWPerDer: reference,
  })
  if (parsed.success) return { terms: faults.size === 0 ? parsed.data : null, faults }
  for (const { path, message } of parsed.error.issues) {
    const field = path[0] === 'scheme' ? (fieldOf[String(path[1])] ?? 'toPercent') : 'reference'
    const isRatio = ['gracePercent', 'floorPercent', 'fromPercent', 'toPercent'].includes(field) && path.length > 1
    if (!faults.has(field)) faults.set(field, isRatio ? 'must be a percentage from 0 to 100' : message)
  }
  return { terms: null, faults }
}
