import { ApiProblem, createClient, type OutgoingCall, pathOf } from '../../../schemas/vocabulary/client.ts'
import type { CallOf, Operation } from '../../../schemas/vocabulary/operation.ts'

export { ApiProblem }

/** Where the portal's server has its API. */
const base = '/api'

/** Calls the API of the server that this page came from. Anything but a fitting answer throws an `ApiProblem`. */
export const api = createClient(send)

async function send({ path, init }: OutgoingCall): Promise<Response> {
  try {
    return await fetch(`${base}${path}`, { ...init, credentials: 'same-origin' })
  } catch (error) {
    if (init.signal?.aborted) throw error
    throw new ApiProblem({
      type: 'urn:ringmain:problem:no-answer',
      title: 'The server does not answer',
      status: 0,
      detail: 'The server does not answer. Check the connection; this page tries again by itself.',
    })
  }
}

/** The address of an operation that the browser itself asks for: a download, a stream of news. */
export function addressOf<O extends Operation>(stated: O, call: Omit<CallOf<O>, 'body' | 'version'>): string {
  return `${base}${pathOf(stated, call)}`
}
