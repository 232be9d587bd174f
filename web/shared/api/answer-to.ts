import { ApiProblem } from '../../../schemas/vocabulary/client.ts'

/** What a server answers; a server that does not answer is a problem as any other. */
export async function answerTo(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init)
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
