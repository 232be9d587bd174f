import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { and, eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { dataDeliveryPart } from './tables.ts'

/** So many bytes are in memory at a time, before they are packed. */
const pieceBytes = 1024 * 1024

const [pack, unpack] = [promisify(gzip), promisify(gunzip)]

/** What a file is known by. */
export interface Digest {
  sha256: string
  bytes: number
}

/** Stores a body in pieces as it arrives, in the caller's transaction. */
export async function storeContent(
  tx: Queryable,
  deliveryId: string,
  body: AsyncIterable<Uint8Array>,
): Promise<Digest> {
  let [held, heldBytes, part]: [Uint8Array[], number, number] = [[], 0, 0]
  const store = async () => {
    const packed = await pack(Buffer.concat(held))
    await tx.insert(dataDeliveryPart).values({ deliveryId, part: part++, packed })
    held = []
    heldBytes = 0
  }
  const digest = await digestOf(body, async (chunk) => {
    held.push(chunk)
    heldBytes += chunk.length
    if (heldBytes >= pieceBytes) await store()
  })
  if (heldBytes > 0) await store()
  return digest
}

/** The digest of a body. @param each is given every chunk as it comes. */
export async function digestOf(
  body: AsyncIterable<Uint8Array>,
  each?: (chunk: Uint8Array) => Promise<void>,
): Promise<Digest> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of body) {
    hash.update(chunk)
    bytes += chunk.length
    await each?.(chunk)
  }
  return { sha256: hash.digest('hex'), bytes }
}

/** The bytes of a delivery in order, a piece at a time. @param db never a transaction that is taking rows by COPY meanwhile. */
export async function* contentOf(db: Queryable, deliveryId: string): AsyncGenerator<Uint8Array> {
  for (let part = 0; ; part++) {
    const [row] = await db
      .select({ packed: dataDeliveryPart.packed })
      .from(dataDeliveryPart)
      .where(and(eq(dataDeliveryPart.deliveryId, deliveryId), eq(dataDeliveryPart.part, part)))
    if (!row) return
    yield await unpack(row.packed)
  }
}
