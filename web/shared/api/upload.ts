import { createClient, type OutgoingCall } from '../../../schemas/vocabulary/client.ts'
import { ApiProblem, base } from './client.ts'

/**
 * Calls the API as `api` does, and tells meanwhile which share of the body has left the browser, from 0 to 1. Large files are sent with
 * it: `fetch` does not say how far it is.
 */
export function uploading(onSent: (share: number) => void) {
  return createClient((call) => sendByRequest(call, onSent))
}

function sendByRequest({ path, init }: OutgoingCall, onSent: (share: number) => void): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open(init.method ?? 'POST', `${base}${path}`)
    request.responseType = 'blob'
    for (const [name, value] of new Headers(init.headers)) request.setRequestHeader(name, value)
    request.upload.onprogress = ({ loaded, total }) => onSent(total > 0 ? loaded / total : 0)
    request.onload = () => resolve(responseOf(request))
    request.onerror = () => reject(noAnswer())
    request.onabort = () => reject(new DOMException('The upload was aborted.', 'AbortError'))
    init.signal?.addEventListener('abort', () => request.abort())
    request.send(init.body as XMLHttpRequestBodyInit)
  })
}

function responseOf(request: XMLHttpRequest): Response {
  const headers = new Headers()
  for (const line of request.getAllResponseHeaders().trim().split(/\r\n/)) {
    const colon = line.indexOf(':')
    if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1).trim())
  }
  const isEmpty = request.status === 204
  return new Response(isEmpty ? null : (request.response as Blob), { status: request.status, headers })
}

function noAnswer(): ApiProblem {
  return new ApiProblem({
    type: 'urn:ringmain:problem:no-answer',
    title: 'The server does not answer',
    status: 0,
    detail: 'The upload was cut off, and nothing was stored. Check the connection and send the file again.',
  })
}
