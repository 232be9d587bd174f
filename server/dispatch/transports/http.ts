import { codeOf, messageOf } from '../../../platform/errors/index.ts'
import { ForbiddenAddress, type OutboundFetch } from '../../../platform/http/index.ts'
import {
  type ClientCredentials,
  createTokenSource,
  fetchWithToken,
  TokenUnavailable,
} from '../../../platform/oauth/index.ts'
import { type LimitAnswer, limitAnswer } from '../../../schemas/dispatch/import-limits.ts'
import { type InstructionAnswer, instructionAnswer } from '../../../schemas/dispatch/instructions.ts'
import { controlOperations } from '../../../schemas/fsp/control.ts'
import { requestOf } from '../../../schemas/vocabulary/client.ts'
import type { CallOf, Operation } from '../../../schemas/vocabulary/operation.ts'
import { type CircuitBreaker, CircuitOpen } from './breaker.ts'
import type { AskOutcome, ControlApi, Lost, SendOutcome } from './outcomes.ts'

/** How to reach an FSP's control API. */
export interface ControlEndpoint {
  baseUrl: string
  /** For fetching tokens, from the token endpoint that the FSP named. */
  credentials: ClientCredentials
}

/** Longest time that an FSP may take to answer. The whole round of a tick must end well before the next. */
const answerTimeoutMs = 10_000

/** Connection errors at which the FSP cannot have read anything. */
const neverReached = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/**
 * A control API over HTTP, with OAuth 2.0 client credentials from the token endpoint that the FSP named. Tokens are cached. One that
 * fails again and again is left alone for a while.
 * @param outbound makes the calls: it checks at each connection that the address may be called at all (FM41), and follows no redirection.
 */
export function createControlApi(
  endpoint: ControlEndpoint,
  outbound: OutboundFetch,
  breaker: CircuitBreaker,
): ControlApi {
  const tokens = createTokenSource(endpoint.credentials, outbound)
  const call: Call = (stated, given) =>
    breaker.run(
      () => {
        const { path, init } = requestOf(stated, given, { signal: AbortSignal.timeout(answerTimeoutMs) })
        return fetchWithToken(tokens, `${endpoint.baseUrl}${path}`, init, outbound)
      },
      (response) => response.status >= 500,
    )
  const { instruct, readAnswer, sendLimit } = controlOperations
  return {
    isAnswering: true,
    send: (instruction) =>
      sent(
        () => call(instruct, { body: instruction, idempotencyKey: instruction.instructionId }),
        (response) => answerOf(response, instruction.instructionId),
      ),
    ask: (instructionId) => asked(() => call(readAnswer, { params: { id: instructionId } }), instructionId),
    limit: (limit) =>
      sent(
        () => call(sendLimit, { body: limit, idempotencyKey: limit.limitId }),
        (response) => limitAnswerOf(response, limit.limitId),
      ),
  }
}

/** The FSP takes the identifier of what it is sent as the key: the same one twice has one effect. */
type Call = <O extends Operation>(stated: O, given: CallOf<O> & { idempotencyKey?: string }) => Promise<Response>

/** What became of a sending, whose answer `read` reads. */
async function sent<Answered>(
  send: () => Promise<Response>,
  read: (response: Response) => Promise<Answered>,
): Promise<Answered | Lost> {
  try {
    const response = await send()
    return response.ok ? await read(response) : await refusalOf(response)
  } catch (error) {
    return faultOf(error)
  }
}

async function asked(ask: () => Promise<Response>, instructionId: string): Promise<AskOutcome> {
  try {
    const response = await ask()
    if (response.ok) return await answerOf(response, instructionId)
    await response.body?.cancel()
    return response.status === 404
      ? { kind: 'never-seen' }
      : { kind: 'unknown', detail: `HTTP ${response.status}`, isFinal: false }
  } catch (error) {
    return { ...faultOf(error), kind: 'unknown' }
  }
}

/** A request refused as such was not taken; a server error may have come after the effect. */
async function refusalOf(response: Response): Promise<Lost> {
  const detail = `HTTP ${response.status} ${(await response.text()).slice(0, 200)}`.trim()
  return { kind: response.status >= 500 ? 'unknown' : 'not-sent', detail, isFinal: false }
}

function faultOf(error: unknown): Lost {
  const detail = `${codeOf(error)} ${messageOf(error)}`.trim()
  const isFinal = error instanceof TokenUnavailable || error instanceof ForbiddenAddress || error instanceof CircuitOpen
  return { kind: isFinal || neverReached.has(codeOf(error)) ? 'not-sent' : 'unknown', detail, isFinal }
}

async function answerOf(
  response: Response,
  instructionId: string,
): Promise<Extract<AskOutcome, { kind: 'answered' | 'unknown' }>> {
  const parsed = instructionAnswer.safeParse(await response.json().catch(() => null))
  if (!parsed.success) return doubtful('the FSP’s answer does not fit its contract')
  const answer: InstructionAnswer = parsed.data
  if (answer.instructionId !== instructionId)
    return doubtful(`the FSP answered for another instruction, ${answer.instructionId}`)
  return { kind: 'answered', answer }
}

async function limitAnswerOf(response: Response, limitId: string): Promise<SendOutcome<LimitAnswer>> {
  const parsed = limitAnswer.safeParse(await response.json().catch(() => null))
  if (!parsed.success) return doubtful('the FSP’s answer does not fit its contract')
  if (parsed.data.limitId !== limitId) return doubtful(`the FSP answered for another limit, ${parsed.data.limitId}`)
  return { kind: 'answered', answer: parsed.data }
}

function doubtful(detail: string): { kind: 'unknown'; detail: string; isFinal: false } {
  return { kind: 'unknown', detail, isFinal: false }
}
