import { createHash, randomBytes } from 'node:crypto'

/** Digest of a full-strength random secret, for storage if it only needs comparing. Not for passwords. */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}

/** A random secret of 256 bits in base64url. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}
