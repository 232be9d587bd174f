/** What a browser states about the page that makes a request. */
export interface RequestSite {
  method: string
  headers: Pick<Headers, 'get'>
}

/**
 * Whether a browser states that another site makes a request (Fetch Metadata; OWASP ASVS 5.0, 3.5.1 to 3.5.3). Every browser sends
 * `Sec-Fetch-Site`, and those before 2023 at least `Origin` with a change; a request with neither comes from a program, which nobody
 * can trick into sending a cookie. A link to a page or a file may be followed from anywhere: only the person sees the answer.
 * @param ownOrigin of the address at which people reach this server.
 */
export function isFromElsewhere({ method, headers }: RequestSite, ownOrigin: string): boolean {
  if (isSafe(method) && headers.get('sec-fetch-mode') === 'navigate' && headers.get('sec-fetch-dest') === 'document')
    return false
  const [site, origin] = [headers.get('sec-fetch-site'), headers.get('origin')]
  if (site !== null && site !== 'same-origin' && site !== 'none') return true
  return origin !== null && origin !== ownOrigin
}

/** Whether a method changes nothing (RFC 9110, 9.2.1). */
export function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD'
}
