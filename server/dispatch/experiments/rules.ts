import type {
  ExperimentEvent,
  ExperimentForm,
  ExperimentState,
  MissingData,
} from '../../../schemas/dispatch/experiments.ts'

/**
 * Where each event leads; `null`: it cannot happen there.
 *
 *     preparation ─start→ operation ─end→ analysis ─conclude→ concluded
 *                          halt│ ↑resume      ↑
 *                              ↓ │            │
 *                             halted ───end───┘
 */
export const experimentTransitions: Record<ExperimentState, Record<ExperimentEvent, ExperimentState | null>> = {
  preparation: { start: 'operation', halt: null, resume: null, end: null, conclude: null },
  operation: { start: null, halt: 'halted', resume: null, end: 'analysis', conclude: null },
  halted: { start: null, halt: null, resume: 'operation', end: 'analysis', conclude: null },
  analysis: { start: null, halt: null, resume: null, end: null, conclude: 'concluded' },
  concluded: { start: null, halt: null, resume: null, end: null, conclude: null },
}

/** What a halt rule looks at. */
export interface HaltFigures {
  breaches: number
  failedInstructions: number
  missing: readonly Pick<MissingData, 'message'>[]
}

/** Why an experiment has to be halted by its rule; `null` while it need not be. */
export function haltReason(rule: ExperimentForm['haltRule'], figures: HaltFigures): string | null {
  const { mostBreaches, mostFailedInstructions, onMissingData } = rule
  const { breaches, failedInstructions, missing } = figures
  const reasons = [
    mostBreaches !== null && breaches > mostBreaches
      ? `breaches that began at its depots: ${breaches}, allowed: ${mostBreaches}`
      : null,
    mostFailedInstructions !== null && failedInstructions > mostFailedInstructions
      ? `instructions refused or expired unanswered: ${failedInstructions}, allowed: ${mostFailedInstructions}`
      : null,
    onMissingData && missing.length > 0
      ? `required data are missing: ${missing.map(({ message }) => message).join('; ')}`
      : null,
  ].filter((reason) => reason !== null)
  return reasons.length > 0 ? reasons.join('; ') : null
}

const kept = ['firstDay', 'connectionIds', 'fuIds', 'switches'] as const

/** Why a form cannot take the place of what is stored: once an experiment has started, what was tried stays. */
export function changeFault(state: ExperimentState, before: ExperimentForm, given: ExperimentForm): string | null {
  if (state === 'preparation') return null
  if (state === 'analysis' || state === 'concluded') return 'It has ended: it can be concluded, and not be changed.'
  const changed = kept.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(given[name]))
  return changed.length === 0 ? null : `It has started, so ${changed.join(', ')} stay as they are.`
}

/** Why it cannot start, or go on, on a day; `null` if it can. */
export function dayFault(
  today: string,
  { firstDay, lastDay }: Pick<ExperimentForm, 'firstDay' | 'lastDay'>,
): string | null {
  if (today < firstDay) return `Its first day is ${firstDay}: it starts then, or has an earlier first day.`
  return today > lastDay ? `Its last day was ${lastDay}: give it a later one first.` : null
}

/** Of a day whose half-hours should all be measured, what is missing at a depot in words; `null` if enough is there. */
export function measuredFault(
  { measured, halfHours, day, name }: { measured: number; halfHours: number; day: string; name: string },
  leastPercent: number,
): string | null {
  if ((100 * measured) / halfHours >= leastPercent) return null
  return `${name} was measured in ${measured} of ${halfHours} half-hours of ${day}, and ${leastPercent} % have to be`
}
