import type { z } from 'zod'
import { type Experiment, type ExperimentForm, experimentForm } from '../../../../schemas/dispatch/experiments.ts'
import { pairsIn } from '../../../shared/typed-lists.ts'
import { type Figure, figureFault, readFigure } from '../planning/figures.ts'

/** An experiment as the form holds it: figures and lists as they are typed. */
export interface ExperimentDraft {
  name: string
  purpose: string
  firstDay: string
  lastDay: string
  connectionIds: readonly string[]
  fuIds: readonly string[]
  /** One per line: `Fail-safe limits = on`. */
  switches: string
  feedIds: readonly string[]
  /** Empty: none has to be measured. */
  measuredPercent: string
  /** Empty: however many. */
  mostBreaches: string
  mostFailedInstructions: string
  onMissingData: boolean
}

export const experimentFigures = {
  measuredPercent: {
    label: 'Measured half-hours',
    unit: '%',
    least: 1,
    most: 100,
    hint: 'Of each day at each depot. Empty: none has to be.',
  },
  mostBreaches: {
    label: 'Most breaches',
    unit: '',
    least: 0,
    most: 10_000,
    isWhole: true,
    hint: 'One more halts it. Empty: no limit.',
  },
  mostFailedInstructions: {
    label: 'Most failed instructions',
    unit: '',
    least: 0,
    most: 10_000,
    isWhole: true,
    hint: 'Refused, or expired unanswered. Empty: no limit.',
  },
} as const satisfies Partial<Record<keyof ExperimentDraft, Figure>>

type FigureName = keyof typeof experimentFigures

/** A draft of a new experiment, from tomorrow on for two weeks, or of one that is there. */
export function draftOf(experiment: Experiment | null, days: { firstDay: string; lastDay: string }): ExperimentDraft {
  const text = (value: number | null | undefined) => (value === null || value === undefined ? '' : String(value))
  return {
    name: experiment?.name ?? '',
    purpose: experiment?.purpose ?? '',
    firstDay: experiment?.firstDay ?? days.firstDay,
    lastDay: experiment?.lastDay ?? days.lastDay,
    connectionIds: experiment?.connectionIds ?? [],
    fuIds: experiment?.fuIds ?? [],
    switches: (experiment?.switches ?? []).map(({ name, setting }) => `${name} = ${setting}`).join('\n'),
    feedIds: experiment?.requiredData.feedIds ?? [],
    measuredPercent: experiment ? text(experiment.requiredData.measuredPercent) : '95',
    mostBreaches: text(experiment?.haltRule.mostBreaches),
    mostFailedInstructions: text(experiment?.haltRule.mostFailedInstructions),
    onMissingData: experiment?.haltRule.onMissingData ?? true,
  }
}

type Faults = Partial<Record<keyof ExperimentDraft, string>>

/** The draft as the API takes it, or what is wrong by field. */
export function readExperimentDraft(draft: ExperimentDraft): { given: ExperimentForm | null; faults: Faults } {
  const faults: Faults = wordFaults(draft)
  const { switches, fault } = readSwitches(draft.switches)
  if (fault !== null) faults.switches = fault
  const read = (name: FigureName) => {
    if (draft[name].trim() === '') return null
    const wrong = figureFault(draft[name], experimentFigures[name])
    if (wrong) faults[name] = wrong
    return readFigure(draft[name], experimentFigures[name])
  }
  const parsed = experimentForm.safeParse({
    name: draft.name.trim(),
    purpose: draft.purpose.trim(),
    firstDay: draft.firstDay,
    lastDay: draft.lastDay,
    connectionIds: draft.connectionIds,
    fuIds: draft.fuIds,
    switches,
    requiredData: { feedIds: draft.feedIds, measuredPercent: read('measuredPercent') },
    haltRule: {
      mostBreaches: read('mostBreaches'),
      mostFailedInstructions: read('mostFailedInstructions'),
      onMissingData: draft.onMissingData,
    },
  })
  if (Object.keys(faults).length > 0) return { given: null, faults }
  return parsed.success ? { given: parsed.data, faults } : { given: null, faults: tooMuch(parsed.error) }
}

function wordFaults({ name, purpose, firstDay, lastDay, connectionIds, fuIds }: ExperimentDraft): Faults {
  return {
    ...(name.trim() === '' ? { name: 'Enter a name.' } : {}),
    ...(purpose.trim() === '' ? { purpose: 'Say what is to be found out, and what counts as a success.' } : {}),
    ...(firstDay === '' ? { firstDay: 'Enter the first day.' } : {}),
    ...(lastDay === '' ? { lastDay: 'Enter the last day.' } : {}),
    ...(firstDay !== '' && lastDay !== '' && lastDay < firstDay ? { lastDay: 'It ends before it begins.' } : {}),
    ...(connectionIds.length + fuIds.length === 0 ? { connectionIds: 'Choose a depot, or an FU below.' } : {}),
  }
}

/** Reads `what = how`, a line each. */
function readSwitches(text: string): { switches: ExperimentForm['switches']; fault: string | null } {
  const pairs = pairsIn(text, '=')
  const wrong = pairs.find(({ name }) => name === '')
  if (!wrong) return { switches: pairs.map(({ name, value }) => ({ name, setting: value })), fault: null }
  return { switches: [], fault: `“${wrong.line}” does not say how it is switched: Fail-safe limits = on.` }
}

/** What is left to be wrong: more than an experiment can have. */
function tooMuch({ issues }: z.ZodError): Faults {
  const wrong = (field: string) => issues.some(({ path: [first] }) => first === field)
  return {
    ...(wrong('name') ? { name: 'Use at most 100 characters.' } : {}),
    ...(wrong('purpose') ? { purpose: 'Use at most 2,000 characters.' } : {}),
    ...(wrong('lastDay') ? { lastDay: 'An experiment lasts 366 days at most.' } : {}),
    ...(wrong('connectionIds') ? { connectionIds: 'At most 200 depots take part.' } : {}),
    ...(wrong('fuIds') ? { fuIds: 'At most 500 FUs take part besides those at its depots.' } : {}),
    ...(wrong('switches') ? { switches: 'At most 50, each of 100 characters and its setting of 200.' } : {}),
    ...(wrong('requiredData') ? { feedIds: 'At most 50 feeds can be required.' } : {}),
  }
}
