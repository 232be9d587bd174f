/**
 * `fetch` for calls to others. Redirects are not followed, because their targets have not been checked; the answer is bounded in length and
 * time, whoever gives it (OWASP ASVS 5.0, 15.3.2 and 16.5.3).
 */
export type OutboundFetch = (url: string, init?: OutboundInit) => Promise<Response>

/** As `RequestInit`; libraries also state that there is no body. */
export type OutboundInit = Omit<RequestInit, 'body'> & {
  body?: RequestInit['body'] | undefined
  /** The route that is called, without what is filled in: how a trace names the call. */
  route?: string
}
