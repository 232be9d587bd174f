import { createHash } from 'node:crypto'
import type { Instant } from '@js-joda/core'
import type { Product } from '../../../schemas/vocabulary/units.ts'

/**
 * The identifier of an instruction is derived from its content. A server restored from a backup (FM42) plans the same instruction under the
 * same identifier, and the FSP, which already has it, does nothing twice.
 */
export function instructionIdOf(key: { fuId: string; product: Product; fromAt: Instant; revision: number }): string {
  const hash = createHash('sha256')
    .update(['ringmain:instruction:1', key.fuId, key.product, key.fromAt.toString(), key.revision].join('\n'))
    .digest()
  // RFC 9562 section 5.8: the content of a version 8 UUID is free.
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x80
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80
  const hex = hash.subarray(0, 16).toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
