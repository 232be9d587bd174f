import {
  ApiProblem,
  createClient,
  kindOf,
  type OutgoingCall,
  pathOf,
  problemIn,
} from '../../../schemas/vocabulary/client.ts'
import type { CallOf, Operation } from '../../../schemas/vocabulary/operation.ts'
import { answerTo } from './answer-to.ts'

export { ApiProblem }

/** Where the portal's server has its API. */
export const base = '/api'

/** Calls the API of the server that this page came from. Anything but a fitting answer throws an `ApiProblem`. */
export const api = createClient(send)

/** Asks the person to prove who they are; answers whether they did. */
type AskForProof = () => Promise<boolean>

let askForProof: AskForProof | null = null
/** The question that is on the screen; calls refused meanwhile wait for the same answer. */
let asking: Promise<boolean> | null = null

/** States how the person is asked for a proof when a call needs a recent authentication. Returns what takes that back. */
export function askForProofBy(ask: AskForProof): () => void {
  askForProof = ask
  return () => {
    if (askForProof === ask) askForProof = null
  }
}

/** Sends a call; one that needs a recent authentication is sent again, unchanged, once the person has proved who they are. */
async function send(call: OutgoingCall): Promise<Response> {
  const response = await sendOnce(call)
  if (askForProof === null || !(await needsProof(response))) return response
  asking ??= askForProof().finally(() => {
    asking = null
  })
  return (await asking) ? sendOnce(call) : response
}

async function needsProof(response: Response): Promise<boolean> {
  if (response.status !== 403) return false
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null)
  const read = problemIn(body)
  return read !== null && kindOf(read) === 'reauthentication-needed'
}

function sendOnce({ path, init }: OutgoingCall): Promise<Response> {
  return answerTo(`${base}${path}`, { ...init, credentials: 'same-origin' })
}

/** The address of an operation that the browser itself asks for: a download, a stream of news. */
export function addressOf<O extends Operation>(stated: O, call: Omit<CallOf<O>, 'body' | 'version'>): string {
  return `${base}${pathOf(stated, call)}`
}
