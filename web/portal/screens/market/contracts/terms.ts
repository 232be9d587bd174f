import {
  type PaymentScheme,
  paymentScheme,
  type SettlementTerms,
  settlementTerms,
} from '../../../../../schemas/settlement/statements.ts'
import { type DraftStep, gridOf, stepsFault, stepsOfGrid, watts } from '../../../../shared/profiles/steps.ts'

/** A payment scheme as it is typed. Numbers of all schemes are kept, so that changing one's mind loses nothing. */
export interface SchemeDraft {
  scheme: PaymentScheme['name']
  gracePercent: string
  slope: string
  floorPercent: string
  fromPercent: string
  toPercent: string
  penalty: string
}

/** Settlement terms as they are typed. */
export interface TermsDraft
  extends SchemeDraft,
    Pick<SettlementTerms, 'baselineMethod' | 'inDayAdjustment' | 'scheduleAccuracy' | 'missingMeterData'> {
  /** kW per DER, for a fixed reference. */
  reference: DraftStep[]
}

/** The parameters that a scheme begins with where a contract has another one (domain section 5). */
const usual = { gracePercent: '95', slope: '3', floorPercent: '63', fromPercent: '50', toPercent: '100', penalty: '' }

const percent = (ratio: number) => String(Number((ratio * 100).toFixed(6)))

export function schemeDraft(scheme: PaymentScheme): SchemeDraft {
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
  return { ...usual, ...own, scheme: scheme.name }
}

export function termsDraft(terms: SettlementTerms): TermsDraft {
  const { baselineMethod, inDayAdjustment, scheduleAccuracy, missingMeterData, scheme, referenceWPerDer } = terms
  return {
    baselineMethod,
    inDayAdjustment,
    scheduleAccuracy,
    missingMeterData,
    ...schemeDraft(scheme),
    reference: stepsOfGrid((referenceWPerDer ?? Array(48).fill(0)).map((w) => String(w / 1_000))),
  }
}

const ratio = (typed: string) => (typed.trim() === '' ? Number.NaN : Number(typed) / 100)

function schemeOf(draft: SchemeDraft): PaymentScheme {
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

const fieldOf: Record<string, keyof SchemeDraft> = {
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
  for (const issue of parsed.error.issues) {
    if (issue.path[0] === 'scheme') addSchemeFault(faults, issue.path.slice(1), issue.message)
    else if (!faults.has('reference')) faults.set('reference', issue.message)
  }
  return { terms: null, faults }
}

/** A payment scheme as the API takes it, or what is wrong by field of the form. */
export function readScheme(draft: SchemeDraft): { scheme: PaymentScheme | null; faults: Map<string, string> } {
  const faults = new Map<string, string>()
  const parsed = paymentScheme.safeParse(schemeOf(draft))
  if (parsed.success) return { scheme: parsed.data, faults }
  for (const { path, message } of parsed.error.issues) addSchemeFault(faults, path, message)
  return { scheme: null, faults }
}

/** Puts a fault of a scheme to its field; one of two fields together stands at the second. */
function addSchemeFault(faults: Map<string, string>, path: readonly PropertyKey[], message: string): void {
  const field = fieldOf[String(path[0])] ?? 'toPercent'
  const isRatio = path.length > 0 && field.endsWith('Percent')
  if (!faults.has(field)) faults.set(field, isRatio ? 'must be a percentage from 0 to 100' : message)
}
