import { ApiProblem, createClient, type OutgoingCall } from '../../schemas/vocabulary/client.ts'
import { type CallOf, isFile, type Operation } from '../../schemas/vocabulary/operation.ts'
import { answerTo } from '../shared/api/answer-to.ts'

export { ApiProblem }

/** Where the session's token is kept: for this tab, until it is closed (decision 112). */
const tokenPlace = 'ringmain-session'

/** The token of the person who is logged in. */
export const token = {
  read: () => sessionStorage.getItem(tokenPlace),
  keep: (given: string) => sessionStorage.setItem(tokenPlace, given),
  forget: () => sessionStorage.removeItem(tokenPlace),
}

/** Calls the API of the FSP that this page came from. Anything but an answer throws an `ApiProblem`. */
export const api = createClient(send)

function send({ path, init }: OutgoingCall): Promise<Response> {
  const own = token.read()
  return answerTo(path, { ...init, headers: { ...init.headers, ...(own ? { authorization: `Bearer ${own}` } : {}) } })
}

/** Saves the file that an operation answers with under a name. A link would not carry the token. */
export async function download<O extends Operation>(stated: O, call: CallOf<O>, name: string): Promise<void> {
  const content = (await api.call(stated, call)) as string | Uint8Array<ArrayBuffer>
  const type = isFile(stated.answer) ? stated.answer.file : 'text/plain'
  const address = URL.createObjectURL(new Blob([content], { type }))
  const link = Object.assign(document.createElement('a'), { href: address, download: name })
  link.click()
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
