import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { codeOf } from '../errors/index.ts'
import { ProblemError } from './problems.ts'

/** A body that has arrived completely. */
export interface Spooled {
  /** Its bytes; call it once. */
  stream(): ReadableStream<Uint8Array>
  /** Deletes it; nothing more can be read. */
  discard(): Promise<void>
}

export interface SpoolOptions {
  /** Bodies up to this length stay in memory, bytes. */
  inMemoryBytes?: number
  /** A body of which nothing arrives for so long is given up, ms. */
  stallMs?: number
  folder?: string
}

/** Most uploads are a day of one unit, which is smaller than this; the others wait on disk, where this process alone can read them. */
const usual = { inMemoryBytes: 512 * 1024, stallMs: 30_000, folder: tmpdir() }

/** Takes in a body of any length without holding it in memory. Rejects if it breaks off, stalls, or finds no room on the disk (FM34). */
export async function spool(body: ReadableStream<Uint8Array>, options: SpoolOptions = {}): Promise<Spooled> {
  const { inMemoryBytes, stallMs, folder } = { ...usual, ...options }
  const file = join(folder, `ringmain-upload-${randomUUID()}`)
  const held: Uint8Array[] = []
  let size = 0
  let disk: FileHandle | null = null
  try {
    for await (const chunk of withoutStall(body, stallMs)) {
      size += chunk.length
      if (!disk && size <= inMemoryBytes) held.push(chunk)
      else {
        disk ??= await open(file, 'wx', 0o600)
        for (const each of [...held.splice(0), chunk]) await disk.writeFile(each)
      }
    }
    await disk?.close()
  } catch (error) {
    await disk?.close().catch(() => undefined)
    if (disk) await rm(file, { force: true })
    if (codeOf(error) !== 'ENOSPC') throw error
    throw new ProblemError('unavailable', 'The server has no room for this file at present: nothing was stored.')
  }
  return disk ? fileAt(file) : inMemory(held)
}

function inMemory(held: Uint8Array[]): Spooled {
  const source = Readable.from(held, { objectMode: false })
  return { stream: () => webStream(source), discard: async () => void source.destroy() }
}

function fileAt(file: string): Spooled {
  const source = createReadStream(file)
  return {
    stream: () => webStream(source),
    async discard() {
      source.destroy()
      await rm(file, { force: true })
    },
  }
}

const webStream = (source: Readable) => Readable.toWeb(source) as ReadableStream<Uint8Array>

async function* withoutStall(body: ReadableStream<Uint8Array>, stallMs: number): AsyncGenerator<Uint8Array> {
  const reader = body.getReader()
  for (;;) {
    const next = await within(reader.read(), stallMs)
    if (next === null) {
      void reader.cancel().catch(() => undefined)
      const detail = `Nothing of the body arrived for ${stallMs / 1000} s: nothing was stored; send it again.`
      throw new ProblemError('malformed', detail, { headers: { connection: 'close' } })
    }
    if (next.done) return
    yield next.value
  }
}

async function within<T>(work: Promise<T>, ms: number): Promise<T | null> {
  const late = Promise.withResolvers<null>()
  const timer = setTimeout(() => late.resolve(null), ms)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
