import type {
  Experiment,
  ExperimentEvent,
  ExperimentReport,
  ExperimentState,
} from '../../../../schemas/dispatch/experiments.ts'
import { count, fixed } from '../../../shared/format/power.ts'
import type { Tone, Wording } from '../../../shared/format/words.ts'

export const stateWords: Record<ExperimentState, Wording> = {
  preparation: { word: 'In preparation', tone: 'quiet', shape: 'ring' },
  operation: { word: 'Runs', tone: 'normal', shape: 'arrow' },
  halted: { word: 'Halted', tone: 'risk', shape: 'diamond' },
  analysis: { word: 'Being analysed', tone: 'normal', shape: 'dot' },
  concluded: { word: 'Concluded', tone: 'normal', shape: 'tick' },
}

export const eventWords: Record<ExperimentEvent, string> = {
  start: 'Started',
  halt: 'Halted',
  resume: 'Resumed',
  end: 'Ended',
  conclude: 'Concluded',
}

const order: readonly ExperimentState[] = ['halted', 'operation', 'preparation', 'analysis', 'concluded']

/** Rank of an experiment: what needs somebody stands first. */
export function urgencyOf({ state }: Pick<Experiment, 'state'>): number {
  return order.indexOf(state)
}

/** When an experiment is halted by itself, in a sentence. */
export function haltRuleInWords({
  mostBreaches,
  mostFailedInstructions,
  onMissingData,
}: Experiment['haltRule']): string {
  const parts = [
    mostBreaches === null
      ? null
      : `more than ${count(mostBreaches, 'breach has', 'breaches have')} begun at its depots`,
    mostFailedInstructions === null
      ? null
      : `more than ${count(mostFailedInstructions, 'instruction has', 'instructions have')} failed`,
    onMissingData ? 'required data are missing' : null,
  ].filter((part) => part !== null)
  return parts.length === 0 ? 'Never by itself: a person may halt it.' : `When ${parts.join(', or ')}.`
}

/** What has to be there of data, in a sentence. */
export function requiredInWords(
  { feedIds, measuredPercent }: Experiment['requiredData'],
  nameOf: (feedId: string) => string,
): string {
  const parts = [
    measuredPercent === null
      ? null
      : `${fixed(measuredPercent, measuredPercent % 1 === 0 ? 0 : 1)}\u00a0% of each day’s half-hours at each depot`,
    feedIds.length === 0 ? null : `on time: ${feedIds.map(nameOf).join(', ')}`,
  ].filter((part) => part !== null)
  return parts.length === 0 ? 'None.' : `${parts.join('; ')}.`
}

/** How an experiment stands, in a sentence that says what it waits for. */
export function standingInWords(report: ExperimentReport): { tone: Tone; text: string } {
  const { state, moves, missing, figures } = report
  const told = missing.map(({ message }) => message).join('; ')
  if (state === 'halted') return { tone: 'risk', text: `Halted: ${moves.at(-1)?.reason ?? ''}.`.replace('..', '.') }
  if (state === 'analysis') return { tone: 'normal', text: 'It has ended. It waits for its result.' }
  if (state === 'concluded') return { tone: 'normal', text: 'It is concluded.' }
  if (missing.length > 0)
    return {
      tone: 'doubt',
      text: `Required data are missing: ${told}.${state === 'preparation' ? ' It cannot start.' : ''}`,
    }
  if (state === 'preparation') return { tone: 'normal', text: 'It is being prepared: all required data are there.' }
  const { breaches, failedInstructions } = figures
  return {
    tone: 'normal',
    text: `It runs: ${count(breaches, 'breach', 'breaches')} and ${count(failedInstructions, 'failed instruction')} since it was started or resumed.`,
  }
}
