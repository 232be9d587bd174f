import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createSecretBox, digestOf, loadSecretKey, newSecret } from './index.ts'

test('a sealed secret opens only with the same key, and looks different each time', () => {
  const box = createSecretBox(Buffer.alloc(32, 1))
  const sealed = box.seal('the FSP’s secret')
  expect(box.open(sealed)).toBe('the FSP’s secret')
  expect(box.seal('the FSP’s secret')).not.toBe(sealed)
  expect(() => createSecretBox(Buffer.alloc(32, 2)).open(sealed)).toThrow()
  expect(() => box.open('nonsense')).toThrow('not a sealed secret')
})

test('a key file is created on first use, readable by its owner only, and read afterwards', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ringmain-secrets-'))
  const file = join(folder, 'deep', 'server.key')
  const key = await loadSecretKey(file)
  expect(key).toHaveLength(32)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(await loadSecretKey(file)).toEqual(key)
  await rm(folder, { recursive: true })
})

test('secrets are long and unique, and compared by digest', () => {
  const [a, b] = [newSecret(), newSecret()]
  expect(a).not.toBe(b)
  expect(a.length).toBeGreaterThanOrEqual(43)
  expect(digestOf(a)).toBe(digestOf(a))
  expect(digestOf(a)).not.toBe(digestOf(b))
})
