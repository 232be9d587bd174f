import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { StartupError } from '../../platform/errors/index.ts'
import { commands } from '../commands.ts'
import { configurationFaults, requireConfiguration } from './check.ts'
import { explainedBy } from './command.ts'
import { knownVariables, settingsOf } from './variables.ts'

test('every fault of the environment is told at once, each with what it should be', async () => {
  const env = {
    DATABASE_URL: 'mysql://db',
    RINGMAIN_PORT: '780O',
    RINGMAIN_ROLE: 'boss',
    RINGMAIN_SECRET_KEY: 'abc',
    RINGMAIN_HOST: '',
    RINGMAIN_OIDC_ISSUER: 'https://login.example',
    RINGMAIN_OIDC_CLIENT_ID: 'portal',
    RINGMAIN_OIDC_SESSION_MINUTES: '3',
    RINGMAIN_REPLICA_URL: '',
    RINGMAIN_PUBLIC_ULR: 'https://ringmain.example',
    RINGMAIN_PUBLIC_URL: 'https://ringmain.example',
    PATH: '/usr/bin',
  }
  expect(await configurationFaults('serve', env, commands)).toEqual([
    { variable: 'RINGMAIN_HOST', fault: 'It is empty: remove it, or give it a value.' },
    { variable: 'RINGMAIN_PORT', fault: 'It must be a port: 0 to 65535.' },
    { variable: 'RINGMAIN_ROLE', fault: 'It must be one of api, worker, both.' },
    { variable: 'DATABASE_URL', fault: 'It must be an address such as postgres://USER:PASSWORD@HOST:5432/DATABASE.' },
    { variable: 'RINGMAIN_SECRET_KEY', fault: expect.stringMatching(/^It must hold keys of 64 hexadecimal digits/) },
    { variable: 'RINGMAIN_OIDC_SESSION_MINUTES', fault: 'It must be a whole number from 5 to 720.' },
    { variable: 'RINGMAIN_PUBLIC_ULR', fault: 'No command reads it. Did you mean RINGMAIN_PUBLIC_URL?' },
  ])
})

test('a process does not start with faults, of which a flag in place of its variable is none', async () => {
  const env = { RINGMAIN_PORT: 'x', RINGMAIN_ROLE: 'y' }
  const starting = requireConfiguration(['serve'], env, commands)
  await expect(starting).rejects.toThrow(StartupError)
  await expect(starting).rejects.toThrow(/^RINGMAIN_PORT: .*\nRINGMAIN_ROLE: .*$/)
  await requireConfiguration(['serve', '--port', '7800', '--role=api'], env, commands)
  await requireConfiguration(['serve', '--help'], env, commands)
  // What only looks odd is for `config check`: it may belong to another program.
  await requireConfiguration(['serve'], { RINGMAIN_SOMETHING: '1' }, commands)
})

test('what is explained names the origin of each value, and never shows a secret', async () => {
  const env = { RINGMAIN_PORT: '7900', DATABASE_URL: 'postgres://u:hidden@h/d', RINGMAIN_GATEWAY_SECRET: 'hidden' }
  const explained = [...(await settingsOf('serve', commands)), ...(await settingsOf('gateway', commands))].map((s) =>
    explainedBy(s, env),
  )
  const of = (variable: string) => explained.find((each) => each.variable === variable)
  expect(of('RINGMAIN_PORT')).toMatchObject({ flag: '--port', value: '7900', from: 'environment' })
  expect(of('RINGMAIN_ROLE')).toMatchObject({ flag: '--role', value: 'both', from: 'default' })
  expect(of('RINGMAIN_DATA')).toMatchObject({ value: null, from: null })
  expect(of('DATABASE_URL')).toMatchObject({ flag: null, value: 'set, and not shown', from: 'environment' })
  expect(JSON.stringify(explained)).not.toContain('hidden')
})

test('every flag of a process that takes a value can be given by a variable too', async () => {
  for (const name of ['serve', 'gateway']) {
    const settings = await settingsOf(name, commands)
    expect(settings.filter(({ variable }) => variable === null).map(({ flag }) => flag)).toEqual([])
  }
})

test('what worked before the check works with it: keys on lines of their own, and a database that is named as empty', async () => {
  const keys = `${'a'.repeat(64)}\n${'b'.repeat(64)}`
  await requireConfiguration(['serve'], { RINGMAIN_SECRET_KEY: keys, DATABASE_URL: '' }, commands)
})

test('every variable that a source or a document names is one that `config` knows', async () => {
  const folders = ['cli', 'server', 'fsp', 'platform', 'dnp3-gateway', 'docs', 'deploy']
  const files = folders
    .flatMap((folder) => readdirSync(folder, { recursive: true }).map((file) => `${folder}/${String(file)}`))
    .filter((file) => /\.(ts|md|yml|example)$/.test(file) && !file.includes('test'))
  const named = files.flatMap(
    (file) => readFileSync(file, 'utf8').match(/RINGMAIN_(?!TEST_)[A-Z_]*[A-Z](?![A-Z_*])/g) ?? [],
  )
  const known = await knownVariables(commands)
  expect(named.length).toBeGreaterThan(100)
  expect([...new Set(named)].filter((name) => !known.has(name))).toEqual([])
})
