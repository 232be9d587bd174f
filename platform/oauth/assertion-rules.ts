/** Longest time from an assertion's issue to its end, and from now to its end, s: FAPI 2.0 asks for short-lived assertions. */
const longestLifeS = 300

/** How far a client's clock may be ahead, s: FAPI 2.0 Security Profile 5.3.2.1 asks servers to take 10 and to refuse 60. */
export const clockAheadS = 10

/** Identifiers of assertions are UUIDs or random strings; longer ones would only cost memory. */
const longestJti = 200

/**
 * What is wrong with the claims of a client assertion whose signature is good; `null` if nothing is (RFC 7523 section 3, FAPI 2.0
 * Security Profile 5.3.2.1). Its audience is the issuer alone, as one string: an assertion that is also good elsewhere could be sent here
 * by the party that received it there.
 */
export function assertionFault(claims: Record<string, unknown>, issuer: string, nowS: number): string | null {
  const { iat, exp, jti, aud } = claims
  if (aud !== issuer) return `aud must be ${issuer} and nothing else`
  if (typeof jti !== 'string' || jti.length < 1 || jti.length > longestJti)
    return `jti must be a string of 1 to ${longestJti} characters`
  if (typeof iat !== 'number') return 'iat must say when the assertion was issued'
  if (typeof exp !== 'number') return 'exp must say when the assertion ends'
  if (iat > nowS + clockAheadS) return 'iat is in the future: set the clock'
  if (nowS - iat > longestLifeS) return `iat is more than ${longestLifeS} s ago: make a new assertion`
  if (exp - iat > longestLifeS || exp - nowS > longestLifeS)
    return `exp must be at most ${longestLifeS} s after iat and after now`
  return null
}
