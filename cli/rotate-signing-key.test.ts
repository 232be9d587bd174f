import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Instant } from '@js-joda/core'
import { afterEach, expect, test, vi } from 'vitest'
import { currentSigningKey } from '../platform/oauth/index.ts'
import { createSecretBox, loadSecretKeys } from '../platform/secrets/index.ts'
import { atEnd } from '../test/support/cleanup.ts'
import { createTestDatabase } from '../test/support/database.ts'
import { rotateSigningKeyCommand } from './rotate-signing-key.ts'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

/** A server's database with a key that signs, and its data folder. */
async function installation() {
  const { url, db } = await createTestDatabase('server')
  vi.stubEnv('DATABASE_URL', url)
  vi.stubEnv('RINGMAIN_FSP_DATABASE_URL', url)
  const folder = await mkdtemp(join(tmpdir(), 'ringmain-keys-'))
  atEnd(() => rm(folder, { recursive: true, force: true }))
  const secrets = createSecretBox(...(await loadSecretKeys(join(folder, 'server.key'), () => undefined)))
  const signing = async () => (await currentSigningKey(db, secrets, Instant.now())).kid
  return { folder, signing }
}

test('the key that signs tokens is replaced by one that the servers can open', async () => {
  const { folder, signing } = await installation()
  const before = await signing()
  const written: string[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0)
  await rotateSigningKeyCommand().parseAsync(['--data', folder], { from: 'user' })
  expect(written.join('')).toContain('A new key signs tokens; the one before is gone.')
  expect(await signing()).not.toBe(before)
})

test('a data folder without a key file is refused, and gets none: the servers could not open what it would seal', async () => {
  const { signing } = await installation()
  const before = await signing()
  const wrong = await mkdtemp(join(tmpdir(), 'ringmain-keys-'))
  atEnd(() => rm(wrong, { recursive: true, force: true }))
  await expect(rotateSigningKeyCommand().parseAsync(['--data', wrong], { from: 'user' })).rejects.toThrow(
    `There is no key file ${join(wrong, 'server.key')}: name the data folder with --data.`,
  )
  expect(await readdir(wrong)).toEqual([])
  expect(await signing()).toBe(before)
})
