import type { InstructionSummary } from '../../../../../schemas/dispatch/instructions.ts'
import { count } from '../../../../shared/format/power.ts'
import { dayAndTime } from '../../../../shared/format/time.ts'
import type { Wording } from '../../../../shared/format/words.ts'

type Sent = Pick<InstructionSummary, 'state' | 'answeredAt' | 'issuedAt'>

/** How an FSP has answered the instructions that were sent to it. */
export function answersInWords(instructions: readonly Sent[]): { wording: Wording; facts: [string, string][] } {
  const sent = instructions.filter(({ issuedAt }) => issuedAt !== null)
  if (sent.length === 0)
    return { wording: { word: 'Nothing was sent to it today', tone: 'quiet', shape: 'ring' }, facts: [] }
  const answered = sent.filter(({ answeredAt }) => answeredAt !== null)
  const silent = sent.filter(({ state }) => state === 'unknown').length
  const refused = sent.filter(({ state }) => state === 'refused').length
  const last = answered
    .map(({ answeredAt }) => answeredAt ?? '')
    .toSorted((a, b) => Date.parse(a) - Date.parse(b))
    .at(-1)
  return {
    wording: wordingOf(silent, refused),
    facts: [
      ['Sent', count(sent.length, 'instruction')],
      ['Answered', `${answered.length} of ${sent.length}`],
      ['Last answer', last === undefined ? 'none' : dayAndTime(last)],
    ],
  }
}

function wordingOf(silent: number, refused: number): Wording {
  if (silent > 0) return { word: `Did not answer ${count(silent, 'instruction')}`, tone: 'doubt', shape: 'dashed' }
  if (refused > 0) return { word: `Refused ${count(refused, 'instruction')}`, tone: 'fault', shape: 'cross' }
  return { word: 'Answers', tone: 'normal', shape: 'ring' }
}
