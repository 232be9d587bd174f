import type { IncomingMessage, ServerResponse } from 'node:http'
import { ProblemError } from './problems.ts'

/**
 * Bounds of a request's head, which is read before anybody knows who sends it (OWASP ASVS 5.0, 4.2.5). Browsers and proxies send about
 * 3 kB in 30 headers; the longest addresses of ours are pages of lists, of some hundred characters.
 */
export const headBounds = { bytes: 16 * 1024, headers: 100, address: 8_000, parameters: 100 } as const

/**
 * Why the head of a request is refused; `null` if it is not. Node itself refuses more bytes or headers with 431. Many parameters are no
 * matter of length only: koa, in which the authorization server is written, needs a time that grows with their square.
 */
export function headFault({ url = '' }: Pick<IncomingMessage, 'url'>): ProblemError | null {
  const { address, parameters } = headBounds
  const options = { headers: { connection: 'close' } }
  if (url.length > address)
    return new ProblemError('address-too-long', `An address may have at most ${address} characters.`, options)
  if (url.split('&', parameters + 1).length > parameters)
    return new ProblemError('address-too-long', `An address may have at most ${parameters} parameters.`, options)
  return null
}

/** Answers with a problem, outside any API. */
export function answerProblem(response: ServerResponse, problem: ProblemError): void {
  const headers = { 'content-type': 'application/problem+json', ...problem.headers }
  response.writeHead(problem.status, headers).end(JSON.stringify(problem.toProblem()))
}
