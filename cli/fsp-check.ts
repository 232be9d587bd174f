import { randomUUID } from 'node:crypto'
import { Command, Option } from 'commander'
import { messageOf, StartupError } from '../platform/errors/index.ts'
import { createTokenSource } from '../platform/oauth/index.ts'
import { type Limit, limitAnswer } from '../schemas/dispatch/import-limits.ts'
import { type Instruction, instructionAnswer } from '../schemas/dispatch/instructions.ts'
import { problem } from '../schemas/vocabulary/problem.ts'

/** One thing that a control API has to do, and whether it does. */
export interface CheckResult {
  name: string
  ok: boolean
  detail: string
}

export interface CheckOptions {
  /** Base of the control API: instructions are posted to `{url}/instructions`. */
  url: string
  tokenEndpoint: string
  clientId: string
  clientSecret: string
  authentication?: 'client_secret_basic' | 'client_secret_post'
  scope?: string
  /** An FU of the FSP; without one only what needs none is checked, by an FU that nobody has. */
  fuId?: string
}

const timeoutMs = 10_000

/**
 * Exercises an FSP’s control API as the DNO’s server would, by the published document (/openapi-control.json, domain section 11): authentication, the contract, one effect per instruction,
 * refusals with their reasons. With `fuId` it sends 0 W for a moment a year away, which ends nothing that is running.
 */
export async function checkControlApi(options: CheckOptions): Promise<CheckResult[]> {
  const results: CheckResult[] = []
  const check = async (name: string, test: () => Promise<string | null>) => {
    const fault = await test().catch((error) => messageOf(error))
    results.push({ name, ok: fault === null, detail: fault ?? 'as it should be' })
  }
  const tokens = createTokenSource({
    tokenEndpoint: options.tokenEndpoint,
    clientId: options.clientId,
    authentication: { method: options.authentication ?? 'client_secret_basic', secret: options.clientSecret },
    ...(options.scope ? { scope: options.scope } : {}),
  })
  let token = ''
  await check('the token endpoint gives a token by client credentials', async () => {
    token = await tokens.get()
    return null
  })
  const call = (method: string, path: string, body?: unknown, authorization = `Bearer ${token}`) =>
    fetch(`${options.url}${path}`, {
      method,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
      headers: { ...(authorization ? { authorization } : {}), 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const sendText = (body: string) =>
    fetch(`${options.url}/instructions`, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
      body,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    })
  const unknown = instructionFor(randomUUID())
  await check('an instruction without a token is answered 401, with a problem', async () =>
    expectProblem(await call('POST', '/instructions', unknown, ''), [401]),
  )
  await check('an instruction with a token that is none is answered 401, with a problem', async () =>
    expectProblem(await call('POST', '/instructions', unknown, 'Bearer nonsense'), [401]),
  )
  await check('a question without a valid token is answered 401, with a problem', async () =>
    expectProblem(await call('GET', `/instructions/${randomUUID()}`, undefined, 'Bearer nonsense'), [401]),
  )
  await check('an instruction that nobody sent is answered 404, with a problem', async () =>
    expectProblem(await call('GET', `/instructions/${randomUUID()}`), [404]),
  )
  await check('an address that names no instruction is answered 4xx, with a problem', async () =>
    expectProblem(await call('GET', '/instructions/no-identifier'), [400, 404, 422]),
  )
  await check('a body that is no JSON is answered 400 or 422, with a problem', async () =>
    expectProblem(await sendText('{'), [400, 422]),
  )
  await check('an instruction for an FU that is not there is refused as unknown-unit', async () =>
    expectRefusal(await call('POST', '/instructions', unknown), unknown, ['unknown-unit']),
  )
  await check('a body that breaks the contract is answered 4xx, or refused as malformed', async () => {
    const response = await call('POST', '/instructions', { ...unknown, instructionId: randomUUID(), intervals: [] })
    if (response.status >= 400 && response.status < 500) return discard(response)
    return expectRefusal(response, null, ['malformed'])
  })
  const limit: Limit = {
    limitId: randomUUID(),
    connectionId: randomUUID(),
    intervals: [],
    failSafeW: null,
    issuedAt: new Date().toISOString(),
    validUntil: new Date(Date.now() + 60_000).toISOString(),
  }
  await check('a limit for a connection that is not the FSP’s is refused as unknown-connection', async () => {
    const response = await call('POST', '/limits', limit)
    const text = await response.text()
    if (!response.ok) return `answered ${response.status}: ${text.slice(0, 200)}`
    const parsed = limitAnswer.safeParse(JSON.parse(text))
    if (!parsed.success) return `the answer breaks its contract: ${text.slice(0, 200)}`
    if (parsed.data.outcome === 'accepted') return 'accepted it'
    return parsed.data.reason === 'unknown-connection' ? null : `refused it as ${parsed.data.reason}`
  })
  await check('a limit that nobody sent is answered 404, with a problem', async () =>
    expectProblem(await call('GET', `/limits/${randomUUID()}`), [404]),
  )
  if (options.fuId) {
    const given = instructionFor(options.fuId)
    const first = await answerTo(() => call('POST', '/instructions', given))
    await check('an instruction for its FU is answered', async () => first.fault)
    await check('the same instruction again is answered the same', async () => {
      const again = await answerTo(() => call('POST', '/instructions', given))
      return again.fault ?? (again.text === first.text ? null : `first ${first.text}, then ${again.text}`)
    })
    await check('asked for it, the FSP answers the same', async () => {
      const asked = await answerTo(() => call('GET', `/instructions/${given.instructionId}`))
      return asked.fault ?? (asked.text === first.text ? null : `first ${first.text}, asked ${asked.text}`)
    })
    const expired = { ...instructionFor(options.fuId), expiresAt: '2020-01-01T00:00:00Z' }
    await check('an instruction that has expired is refused as expired', async () =>
      expectRefusal(await call('POST', '/instructions', expired), expired, ['expired']),
    )
  }
  return results
}

/** 0 W for a quarter-hour a year from now. */
function instructionFor(fuId: string): Instruction {
  const from = Math.ceil(Date.now() / 900_000) * 900_000 + 365 * 86_400_000
  const at = (ms: number) => new Date(ms).toISOString()
  return {
    instructionId: randomUUID(),
    fuId,
    product: 'A',
    onExpiry: 'end',
    intervals: [{ from: at(from), to: at(from + 900_000), turnDownW: 0 }],
    issuedAt: at(Date.now()),
    expiresAt: at(from),
  }
}

async function discard(response: Response): Promise<null> {
  await response.body?.cancel()
  return null
}

/** A problem document (RFC 9457) of one of the statuses, whose own status is the same. */
async function expectProblem(response: Response, statuses: readonly number[]): Promise<string | null> {
  const text = await response.text()
  if (!statuses.includes(response.status)) return `answered ${response.status}, not ${statuses.join(' or ')}`
  if (!response.headers.get('content-type')?.startsWith('application/problem+json'))
    return `answered ${response.status} without a problem document`
  const parsed = problem.safeParse(JSON.parse(text))
  if (!parsed.success) return `its problem document breaks the contract: ${text.slice(0, 200)}`
  return parsed.data.status === response.status ? null : `its problem document says ${parsed.data.status}`
}

async function expectRefusal(
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

async function answerTo(request: () => Promise<Response>) {
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

/** `ringmain fsp-check`. */
export function fspCheckCommand(): Command {
  return new Command('fsp-check')
    .description('exercise the control API that an FSP implements, and print what fails')
    .requiredOption('--url <url>', 'base of the control API; instructions go to URL/instructions')
    .requiredOption('--token-endpoint <url>', 'the FSP’s token endpoint')
    .requiredOption('--client-id <id>', 'the DNO’s client at the FSP')
    .option(
      '--client-secret <secret>',
      'its secret; better in RINGMAIN_CLIENT_SECRET',
      process.env['RINGMAIN_CLIENT_SECRET'],
    )
    .addOption(
      new Option('--authentication <method>', 'how the client authenticates there')
        .choices(['client_secret_basic', 'client_secret_post'])
        .default('client_secret_basic'),
    )
    .option('--scope <scope>', 'scope to ask for')
    .option('--fu <uuid>', 'an FU of the FSP, for the checks that need one: 0 W is sent for a moment a year away')
    .option('--json', 'print one JSON object and nothing else')
    .action(async (given) => {
      if (!given.clientSecret) throw new StartupError('Give --client-secret, or set RINGMAIN_CLIENT_SECRET.')
      const results = await checkControlApi({
        url: given.url.replace(/\/+$/, ''),
        tokenEndpoint: given.tokenEndpoint,
        clientId: given.clientId,
        clientSecret: given.clientSecret,
        authentication: given.authentication,
        scope: given.scope,
        fuId: given.fu,
      })
      const failed = results.filter((result) => !result.ok).length
      if (given.json) process.stdout.write(`${JSON.stringify({ checks: results, failed })}\n`)
      else {
        for (const { name, ok, detail } of results)
          process.stdout.write(`${ok ? 'ok  ' : 'FAIL'} ${name}${ok ? '' : `: ${detail}`}\n`)
        process.stdout.write(`${results.length - failed} of ${results.length} as they should be\n`)
      }
      if (failed > 0) process.exitCode = 1
    })
}
