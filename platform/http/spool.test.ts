import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { spool } from './spool.ts'

let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringmain-spool-'))
})

afterAll(() => rm(folder, { recursive: true }))

const bodyOf = (...chunks: string[]) => ReadableStream.from(chunks.map((chunk) => Buffer.from(chunk))) as never

test('a short body stays in memory, a long one waits in a file that only this user can read', async () => {
  const short = await spool(bodyOf('ab', 'cd'), { folder, inMemoryBytes: 4 })
  expect(await readdir(folder)).toEqual([])
  expect(await new Response(short.stream() as never).text()).toBe('abcd')
  const long = await spool(bodyOf('ab', 'cd', 'e'), { folder, inMemoryBytes: 4 })
  const [file = ''] = await readdir(folder)
  expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600)
  expect(await new Response(long.stream() as never).text()).toBe('abcde')
  await long.discard()
  expect(await readdir(folder)).toEqual([])
})

test('a body that breaks off, and one of which nothing more arrives, leave no file', async () => {
  async function* broken() {
    yield Buffer.from('abc')
    throw new Error('the client is gone')
  }
  const options = { folder, inMemoryBytes: 1, stallMs: 20 }
  await expect(spool(ReadableStream.from(broken()) as never, options)).rejects.toThrow('the client is gone')
  const idle = new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from('abc')) })
  await expect(spool(idle as never, options)).rejects.toThrow('Nothing of the body arrived for 0.02 s')
  expect(await readdir(folder)).toEqual([])
})
