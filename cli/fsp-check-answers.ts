import { messageOf } from '../platform/errors/index.ts'
import { type Instruction, instructionAnswer } from '../schemas/dispatch/instructions.ts'
import { problem } from '../schemas/vocabulary/problem.ts'

/** Lets go of an answer that is good whatever it holds. */
export async function discard(response: Response): Promise<null> {
  await response.body?.cancel()
  return null
}

/** A problem document (RFC 9457) of one of the statuses, whose own status is the same. */
export async function expectProblem(response: Response, statuses: readonly number[]): Promise<string | null> {
  const text = await response.text()
  if (!statuses.includes(response.status)) return `answered ${response.status}, not ${statuses.join(' or ')}`
  if (!response.headers.get('content-type')?.startsWith('application/problem+json'))
    return `answered ${response.status} without a problem document`
  const parsed = problem.safeParse(JSON.parse(text))
  if (!parsed.success) return `its problem document breaks the contract: ${text.slice(0, 200)}`
  return parsed.data.status === response.status ? null : `its problem document says ${parsed.data.status}`
}

/** The refusal of an instruction for one of the reasons; `given` is the instruction that it has to name. */
export async function expectRefusal(
  response: Response,
  given: Instruction | null,
  reasons: readonly string[],
): Promise<string | null> {
  const { fault, answer } = await answerTo(async () => response)
  if (fault || !answer) return fault
  if (given && answer.instructionId !== given.instructionId) return `answered for ${answer.instructionId}`
  if (answer.outcome === 'accepted') return 'accepted it'
  return reasons.includes(answer.reason) ? null : `refused it as ${answer.reason}`
}

/** What an instruction is answered, read by its contract; `fault` says what is wrong with it. */
export async function answerTo(request: () => Promise<Response>) {
  try {
    const response = await request()
    const text = await response.text()
    if (!response.ok) return { fault: `answered ${response.status} ${text.slice(0, 200)}`, text, answer: null }
    const parsed = instructionAnswer.safeParse(JSON.parse(text))
    if (!parsed.success) return { fault: `the answer breaks its contract: ${text.slice(0, 200)}`, text, answer: null }
    return { fault: null, text: JSON.stringify(parsed.data), answer: parsed.data }
  } catch (error) {
    return { fault: messageOf(error), text: '', answer: null }
  }
}
