/** Two years, as browsers' preload lists ask for. */
const hstsS = 63_072_000

/**
 * Headers of every answer that does not set its own (OWASP ASVS 5.0, 3.4.1 to 3.4.8 and 14.3.2): nothing is guessed, framed, kept or told
 * to other sites. Pages and files that may be kept, or that load scripts, set their own `cache-control` and `content-security-policy`.
 * @param publicUrl the address at which others reach the server; with https, browsers then stay with it.
 */
export function safetyHeaders(publicUrl: string): Record<string, string> {
  return {
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    ...(publicUrl.startsWith('https:') ? { 'strict-transport-security': `max-age=${hstsS}; includeSubDomains` } : {}),
  }
}
