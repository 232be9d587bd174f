import { ApiProblem } from '../../schemas/vocabulary/client.ts'

/**
 * What somebody at the portal comes to; `null` where the server refuses it, such as a change of what begins at once, or its connection
 * broke. What the server refuses it refuses for a reason; one that dies breaks the connection.
 */
export async function unlessRefused<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ApiProblem) && !isBroken(error)) throw error
    return null
  }
}

/** A call whose connection broke, or that could not be made. */
function isBroken(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof Error && error.message.includes('cannot log in'))
}
