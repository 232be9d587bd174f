import { z } from 'zod'

/** Members that a private or symmetric key has (RFC 7518 section 6). Anyone who sends one has given the key away. */
const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'] as const

/** A key of 8,192 bits takes 1,400 characters; the rest is for members that are ignored, such as certificates. */
const longestJwk = 16_000

const base64url = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^[A-Za-z0-9_-]+$/, 'must be base64url without padding')

/** A public key (RFC 7517) for signatures by ES256, PS256 or EdDSA, as FAPI 2.0 has them. The server checks that it is a real one, and its strength. */
export const publicJwk = z
  .looseObject({
    kty: z.enum(['EC', 'RSA', 'OKP']),
    /** By default the key's thumbprint (RFC 7638). */
    kid: z.string().min(1).max(200).optional(),
    alg: z.enum(['ES256', 'PS256', 'EdDSA', 'Ed25519']).optional(),
    use: z.literal('sig').optional(),
    key_ops: z.array(z.literal('verify')).max(1).optional(),
    crv: z.enum(['P-256', 'Ed25519']).optional(),
    x: base64url(100).optional(),
    y: base64url(100).optional(),
    n: base64url(1_400).optional(),
    e: base64url(12).optional(),
  })
  .superRefine((jwk, context) => {
    if (JSON.stringify(jwk).length > longestJwk)
      context.addIssue({ code: 'custom', message: `must be at most ${longestJwk} characters of JSON` })
    const message = 'belongs to the private key: it is no secret any more. Make a new pair and send its public part'
    for (const member of secretMembers) if (member in jwk) context.addIssue({ code: 'custom', path: [member], message })
  })
  .transform(({ kty, kid, alg, use, key_ops, crv, x, y, n, e }) => ({ kty, kid, alg, use, key_ops, crv, x, y, n, e }))
  .meta({
    id: 'PublicJwk',
    'x-maxBytes': longestJwk,
    example: {
      kty: 'EC',
      kid: '2026-11',
      alg: 'ES256',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    },
  })
export type PublicJwk = z.infer<typeof publicJwk>

/** Most keys, and most secrets, that a client may have at a time: two overlap in a rotation, the rest is for several machines. */
export const mostCredentials = 10

export const publicJwks = z
  .object({ keys: z.array(publicJwk).min(1).max(mostCredentials) })
  .refine(({ keys }) => new Set(keys.map(({ kid }) => kid ?? '')).size === keys.length, {
    path: ['keys'],
    message: 'must have different kids',
  })
