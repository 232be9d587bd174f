import { createCipheriv, createDecipheriv } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { StartupError } from '../errors/index.ts'
import { createSecretBox, digestOf, keysIn, loadSecretKeys, newSecret } from './index.ts'

const folder = await mkdtemp(join(tmpdir(), 'ringmain-secrets-'))
afterEach(() => vi.unstubAllEnvs())

const [older, newer] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
const use = { purpose: 'fsp.control-secret', of: 'fsp 1' }

describe('a sealed secret', () => {
  test('opens only with the same key, and looks different each time', () => {
    const box = createSecretBox(older)
    const sealed = box.seal('the FSP’s secret', use)
    expect(box.open(sealed, use)).toBe('the FSP’s secret')
    expect(box.seal('the FSP’s secret', use)).not.toBe(sealed)
    expect(() => createSecretBox(newer).open(sealed, use)).toThrow('does not have')
    expect(() => box.open('nonsense', use)).toThrow('not a sealed secret')
  })

  test('SEC16 opens for no other row and no other purpose', () => {
    const box = createSecretBox(older)
    const sealed = box.seal('the FSP’s secret', use)
    expect(() => box.open(sealed, { ...use, of: 'fsp 2' })).toThrow()
    expect(() => box.open(sealed, { ...use, purpose: 'alarm-target.key' })).toThrow()
  })

  test.each([0, 4, 8, 12, 15])('SEC16 with its tag cut to %i bytes is refused', (bytes) => {
    const box = createSecretBox(older)
    const parts = box.seal('the FSP’s secret', use).split('.')
    const tag = Buffer.from(parts.at(-2) ?? '', 'base64url').subarray(0, bytes)
    const cut = [...parts.slice(0, -2), tag.toString('base64url'), parts.at(-1)].join('.')
    expect(() => box.open(cut, use)).toThrow('not a sealed secret')
  })

  test('SEC16 that was changed anywhere is refused', () => {
    const box = createSecretBox(older, newer)
    const parts = box.seal('the FSP’s secret', use).split('.')
    for (const index of parts.keys()) {
      const changed = parts.map((part, at) =>
        at === index ? (part.startsWith('A') ? 'B' : 'A') + part.slice(1) : part,
      )
      expect(() => box.open(changed.join('.'), use), `part ${index}`).toThrow()
    }
  })

  test('SEC16 names its key: an older one still opens it, and it is sealed again with the newest', () => {
    const before = createSecretBox(older).seal('the FSP’s secret', use)
    const box = createSecretBox(newer, older)
    expect([box.open(before, use), box.isCurrent(before)]).toEqual(['the FSP’s secret', false])
    const after = box.reseal(before, use)
    expect(box.isCurrent(after)).toBe(true)
    expect(createSecretBox(newer).open(after, use)).toBe('the FSP’s secret')
    expect(before).not.toContain(older.toString('hex').slice(0, 12))
  })

  test('SEC16 of the form that was bound to no use is only sealed again, never opened', () => {
    const iv = Buffer.alloc(12, 3)
    const cipher = createCipheriv('aes-256-gcm', older, iv)
    const text = Buffer.concat([cipher.update('old secret', 'utf8'), cipher.final()])
    const old = [iv, cipher.getAuthTag(), text].map((part) => part.toString('base64url')).join('.')
    const box = createSecretBox(newer, older)
    expect(() => box.open(old, use)).toThrow('not a sealed secret')
    expect(box.isCurrent(old)).toBe(false)
    expect(box.open(box.reseal(old, use), use)).toBe('old secret')
    const short = [iv, cipher.getAuthTag().subarray(0, 4), text].map((part) => part.toString('base64url')).join('.')
    expect(() => box.reseal(short, use)).toThrow('not a sealed secret')
  })

  test('can be read by anybody who follows the description of its form', () => {
    const [, , iv, tag, text] = createSecretBox(older).seal('plain', use).split('.')
    const decipher = createDecipheriv('aes-256-gcm', older, Buffer.from(iv ?? '', 'base64url'))
    decipher.setAAD(Buffer.from('["ringmain","v2","fsp.control-secret","fsp 1"]'))
    decipher.setAuthTag(Buffer.from(tag ?? '', 'base64url'))
    expect(Buffer.concat([decipher.update(text ?? '', 'base64url'), decipher.final()]).toString()).toBe('plain')
  })
})

describe('a key file', () => {
  const none = () => undefined
  const fileWith = async (name: string, text: string, mode = 0o600) => {
    const file = join(folder, name)
    await writeFile(file, text)
    await chmod(file, mode)
    return file
  }

  test('is created on first use, readable by its owner only, and read afterwards', async () => {
    const file = join(folder, 'deep', 'server.key')
    const [key] = await loadSecretKeys(file, none)
    expect(key).toHaveLength(32)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await loadSecretKeys(file, none)).toEqual([key])
  })

  test('SEC18 that is a device is refused, and stays open to everybody', async () => {
    const before = (await stat('/dev/null')).mode
    try {
      await expect(loadSecretKeys('/dev/null', none)).rejects.toThrow(StartupError)
      expect((await stat('/dev/null')).mode).toBe(before)
    } finally {
      // Nothing on the machine works without it.
      if ((await stat('/dev/null')).mode !== before) await chmod('/dev/null', before & 0o777)
    }
  })

  test.each([
    ['short', 'abcd\n'],
    ['cut', `${'a'.repeat(63)}\n`],
    ['odd', `${'x'.repeat(64)}\n`],
    ['empty', ''],
  ])('SEC18 that is %s stays as it is, and nothing starts', async (name, text) => {
    const file = await fileWith(`${name}.key`, text)
    const loading = loadSecretKeys(file, none)
    await expect(loading).rejects.toThrow(StartupError)
    await expect(loading).rejects.toThrow(file)
    expect(await readFile(file, 'utf8')).toBe(text)
  })

  test('SEC18 that cannot be read is not replaced', async () => {
    // A folder in its place: even root, who may read every file, cannot read that.
    const file = join(folder, 'folder.key')
    await mkdir(file)
    await expect(loadSecretKeys(file, none)).rejects.toThrow(`${file} cannot be read (EISDIR)`)
  })

  test('SEC18 that others may read is closed to them, with a warning', async () => {
    const file = await fileWith('open.key', older.toString('hex'), 0o644)
    const warnings: string[] = []
    expect(await loadSecretKeys(file, (sentence) => warnings.push(sentence))).toEqual([older])
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(warnings).toEqual([expect.stringContaining(file)])
  })

  test('SEC18 that two processes create at once has one key', async () => {
    const file = join(folder, 'race.key')
    const loaded = await Promise.all(Array.from({ length: 8 }, () => loadSecretKeys(file, none)))
    expect(new Set(loaded.map(([key]) => key.toString('hex'))).size).toBe(1)
  })

  test('SEC16 may hold several keys, and so may the variable', async () => {
    const [a, b] = [newer.toString('hex'), older.toString('hex')]
    expect(await loadSecretKeys(await fileWith('two.key', `${a}\n${b}\n`), none)).toEqual([newer, older])
    vi.stubEnv('RINGMAIN_SECRET_KEY', `${a},${b}`)
    expect(await loadSecretKeys(join(folder, 'unused.key'), none)).toEqual([newer, older])
    expect(() => keysIn('abc', 'RINGMAIN_SECRET_KEY')).toThrow(/^RINGMAIN_SECRET_KEY must hold keys of 64/)
  })
})

test('secrets are long and unique, and compared by digest', async () => {
  const [a, b] = [newSecret(), newSecret()]
  expect(a).not.toBe(b)
  expect(a.length).toBeGreaterThanOrEqual(43)
  expect(digestOf(a)).toBe(digestOf(a))
  expect(digestOf(a)).not.toBe(digestOf(b))
  await rm(folder, { recursive: true })
})
