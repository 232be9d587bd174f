import { type PublicJwk, publicJwk } from '../../../../schemas/access/keys.ts'

type Read = { ok: true; jwk: PublicJwk } | { ok: false; fault: string }

/** What somebody pasted as a public key: a JWK, or a set of one. Says what is wrong with it in words of ours. */
export function readJwk(text: string): Read {
  if (text.trim() === '') return { ok: false, fault: 'Paste the public key as JSON.' }
  let given: unknown
  try {
    given = JSON.parse(text)
  } catch {
    return { ok: false, fault: 'This is not JSON. A public key begins with { and has a member "kty".' }
  }
  const keys = (given as { keys?: unknown[] } | null)?.keys
  if (Array.isArray(keys) && keys.length !== 1)
    return { ok: false, fault: `This is a set of ${keys.length} keys: paste one of them.` }
  const read = publicJwk.safeParse(Array.isArray(keys) ? keys[0] : given)
  if (read.success) return { ok: true, jwk: read.data }
  const issue = read.error.issues.find(({ code }) => code === 'custom') ?? read.error.issues[0]
  const member = issue?.path.join('.') ?? ''
  if (issue?.code === 'custom') return { ok: false, fault: `${member ? `“${member}” ` : ''}${issue.message}.` }
  return {
    ok: false,
    fault: `“${member || 'kty'}” is missing or not right: the key must be one for signatures by ES256, PS256 or EdDSA.`,
  }
}
