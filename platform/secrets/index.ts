import { createHash, randomBytes } from 'node:crypto'

export { createSecretBox, type SealedFor, type SecretBox } from './box.ts'
export { keysIn, loadSecretKeys, type SealingKeys } from './key-file.ts'
export { decoyHash, hashPassword, passwordMatches } from './passwords.ts'
export { countSealedBefore, resealColumns, type SealedColumn, sealedColumn } from './reseal.ts'
export { readSecretFile, writeSecretFile } from './secret-file.ts'

/** Digest of a full-strength random secret, for storage if it only needs comparing. Not for passwords. */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}

/** A random secret of 256 bits in base64url. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}
