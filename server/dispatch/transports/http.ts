import { codeOf, messageOf } from '../../../platform/errors/index.ts'
import { createTokenSource, fetchWithToken, type TokenSource, TokenUnavailable } from '../../../platform/oauth/index.ts'
import { type Instruction, type InstructionAnswer, instructionAnswer } from '../../../schemas/instructions.ts'

/** How to reach an FSP's control API. */
export interface ControlEndpoint {
  baseUrl: string
  tokenEndpoint: string
  clientId: string
  clientSecret: string
  scope: string | null
}

/**
 * What became of a sending. `not-sent`: certainly not taken by the FSP, so it may be sent again; `unknown`: it may or may not have
 * been taken, so it must be asked for before it is sent again (FM07).
 */
export type SendOutcome =
  | { kind: 'answered'; answer: InstructionAnswer }
  | { kind: 'not-sent'; detail: string }
  | { kind: 'unknown'; detail: string }

/** The answer to asking an FSP for an instruction: its own answer, that it never saw it, or that it cannot be asked now. */
export type AskOutcome =
  | { kind: 'answered'; answer: InstructionAnswer }
  | { kind: 'never-seen' }
  | { kind: 'unknown'; detail: string }

/** Calls one FSP's control API. */
export interface ControlApi {
  send(instruction: Instruction): Promise<SendOutcome>
  ask(instructionId: string): Promise<AskOutcome>
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

/** A control API over HTTP, with OAuth 2.0 client credentials from the token endpoint that the FSP named. Tokens are cached. */
export function createControlApi(endpoint: ControlEndpoint): ControlApi {
  const tokens = createTokenSource({
    tokenEndpoint: endpoint.tokenEndpoint,
    clientId: endpoint.clientId,
    authentication: { method: 'client_secret_basic', secret: endpoint.clientSecret },
    ...(endpoint.scope ? { scope: endpoint.scope } : {}),
  })
  return {
    send: (instruction) => send(endpoint, tokens, instruction),
    ask: (instructionId) => ask(endpoint, tokens, instructionId),
  }
}

async function send(endpoint: ControlEndpoint, tokens: TokenSource, instruction: Instruction): Promise<SendOutcome> {
  try {
    const response = await fetchWithToken(tokens, `${endpoint.baseUrl}/instructions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': instruction.instructionId },
      body: JSON.stringify(instruction),
      signal: AbortSignal.timeout(answerTimeoutMs),
    })
    if (response.ok) return await answerOf(response)
    const detail = `HTTP ${response.status} ${(await response.text()).slice(0, 200)}`
    // A request refused as such was not taken; a server error may have come after the effect.
    return response.status >= 500 ? { kind: 'unknown', detail } : { kind: 'not-sent', detail }
  } catch (error) {
    const detail = `${codeOf(error)} ${messageOf(error)}`.trim()
    const untouched = error instanceof TokenUnavailable || neverReached.has(codeOf(error))
    return { kind: untouched ? 'not-sent' : 'unknown', detail }
  }
}

async function ask(endpoint: ControlEndpoint, tokens: TokenSource, instructionId: string): Promise<AskOutcome> {
  try {
    const response = await fetchWithToken(tokens, `${endpoint.baseUrl}/instructions/${instructionId}`, {
      signal: AbortSignal.timeout(answerTimeoutMs),
    })
    if (response.status === 404) return { kind: 'never-seen' }
    if (!response.ok) return { kind: 'unknown', detail: `HTTP ${response.status}` }
    return await answerOf(response)
  } catch (error) {
    return { kind: 'unknown', detail: `${codeOf(error)} ${messageOf(error)}`.trim() }
  }
}

async function answerOf(
  response: Response,
): Promise<{ kind: 'answered'; answer: InstructionAnswer } | { kind: 'unknown'; detail: string }> {
  const parsed = instructionAnswer.safeParse(await response.json().catch(() => null))
  return parsed.success
    ? { kind: 'answered', answer: parsed.data }
    : { kind: 'unknown', detail: 'the FSP’s answer does not fit its contract' }
}
