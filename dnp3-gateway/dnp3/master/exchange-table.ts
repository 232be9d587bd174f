/**
 * One request and its response, as a table (IEEE 1815-2012 clause 4.3). `first` waits for a fragment with FIR and the
 * request's sequence, `next` for one without FIR and the sequence after, `handling` for the application's handler.
 *
 * ```
 *  idle ─request─▶ first ─fragment─▶ handling ─FIN─▶ idle
 *                                      │  ▲
 *                                no FIN▼  │fragment
 *                                     next
 * ```
 */
export type ExchangeState = 'idle' | 'first' | 'next' | 'handling'

/** Solicited responses are classified by FIR and by whether their sequence is the expected one. */
export type ExchangeEvent = 'first-fragment' | 'next-fragment' | 'wrong-sequence' | 'timeout' | 'lost'

/** `take` the fragment; `ignore` it, counted as unexpected and never confirmed; `fail` the exchange; `none`: no action. */
export type ExchangeAction = 'take' | 'ignore' | 'fail' | 'none'

export const EXCHANGE: Readonly<Record<ExchangeState, Readonly<Record<ExchangeEvent, ExchangeAction>>>> = {
  idle: {
    'first-fragment': 'ignore',
    'next-fragment': 'ignore',
    'wrong-sequence': 'ignore',
    timeout: 'none',
    lost: 'none',
  },
  first: {
    'first-fragment': 'take',
    'next-fragment': 'ignore',
    'wrong-sequence': 'ignore',
    timeout: 'fail',
    lost: 'fail',
  },
  next: {
    'first-fragment': 'ignore',
    'next-fragment': 'take',
    'wrong-sequence': 'ignore',
    timeout: 'fail',
    lost: 'fail',
  },
  // No timer runs while the handler works; the coming confirm answers a fragment repeated meanwhile.
  handling: {
    'first-fragment': 'ignore',
    'next-fragment': 'ignore',
    'wrong-sequence': 'ignore',
    timeout: 'none',
    lost: 'fail',
  },
}
