import { spawn, spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Instant, LocalDate } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { pgTable } from 'drizzle-orm/pg-core'
import { expect, inject, test } from 'vitest'
import { StartupError } from '../errors/index.ts'
import { instant, localDate, openDatabase, startCluster, urlOfDatabase } from './index.ts'

test('reports a wrong DATABASE_URL in one sentence that says what to check, without the password', async () => {
  const wrong = openDatabase('postgres://ringmain:hush@127.0.0.1:1/ringmain')
  await expect(wrong).rejects.toThrow(StartupError)
  await expect(wrong).rejects.toThrow(/cannot be used \(ECONNREFUSED.*check DATABASE_URL/)
  await expect(openDatabase('postgres://ringmain:hush@127.0.0.1:1/ringmain')).rejects.not.toThrow('hush')
  await expect(openDatabase('not an address')).rejects.toThrow('DATABASE_URL is not a PostgreSQL address')
  await expect(openDatabase(urlOfDatabase(inject('adminUrl'), 'no_such_database'))).rejects.toThrow('3D000')
})

test('reports a data folder that cannot be written in one sentence that says what to do', async () => {
  const file = fileURLToPath(import.meta.url)
  for (const folder of ['/proc/ringmain', join(file, 'data'), file]) {
    const cluster = startCluster({ folder, durable: false })
    await expect(cluster).rejects.toThrow(StartupError)
    await expect(cluster).rejects.toThrow(`The data folder ${folder} cannot be written`)
  }
})

test('instants and trading days are read back as written', async () => {
  const { db, close } = await openDatabase(inject('adminUrl'), { poolSize: 1 })
  await db.execute(sql`create temporary table times (at timestamptz, day date)`)
  const times = pgTable('times', { at: instant(), day: localDate() })
  const row = { at: Instant.parse('2026-03-29T00:59:59.123Z'), day: LocalDate.parse('2026-03-29') }
  await db.insert(times).values(row)
  const [back] = await db.select().from(times)
  expect([String(back?.at), String(back?.day)]).toEqual([String(row.at), String(row.day)])
  await close()
})

test('arrays of every kind in use are written and read back, with quotes, nulls, emptiness and nesting', async () => {
  const { db, close } = await openDatabase(inject('adminUrl'), { poolSize: 1 })
  const words = ['plain', '', 'NULL', 'a "quoted" \\ one', 'comma, and {brace}', null, 'ünï\n2']
  const id = '0b9a3a52-1f6e-4c55-9f0a-2a5a6f2c7d11'
  const given: [type: string, value: readonly unknown[]][] = [
    ...['text', 'varchar', 'name'].map((type): [string, readonly unknown[]] => [type, words]),
    ['uuid', [id, null]],
    ['bigint', ['9007199254740993', '-1']],
    ['smallint', [1, -2]],
    ['integer', [0, null, 2_147_483_647]],
    ['oid', [1, 4_294_967_295]],
    ['real', [0.5, -1.25]],
    ['double precision', [1e300, -0.1, null]],
    ['text', []],
    [
      'integer',
      [
        [1, 2],
        [3, 4],
      ],
    ],
  ]
  for (const [type, value] of given) {
    const [row] = await db.execute<{ back: unknown }>(sql`select ${sql.param(value)}::${sql.raw(type)}[] as back`)
    expect([type, row?.back]).toEqual([type, value])
  }
  // postgres.js takes an array of booleans for a boolean: they are read, and written as text.
  const [yes] = await db.execute<{ back: unknown }>(sql`select '{t,f,NULL}'::boolean[] as back`)
  expect(yes?.back).toEqual([true, false, null])
  const [bounds] = await db.execute<{ back: unknown }>(sql`select '[0:1]={7,8}'::integer[] as back`)
  expect(bounds?.back).toEqual([7, 8])
  const [json] = await db.execute<{ back: unknown }>(sql`select array['{"a": [1]}', null]::jsonb[] as back`)
  expect(json?.back).toEqual([{ a: [1] }, null])
  await close()
})

test('a new connection asks nothing that nobody waits for, so that none that breaks early ends the process', async () => {
  const { hostname, port } = new URL(inject('adminUrl'))
  let asked = 0
  const between = createServer((near) => {
    const far = connect({ host: hostname, port: Number(port) })
    near.on('data', (bytes) => {
      if (bytes.includes('pg_catalog.pg_type')) {
        asked++
        near.destroy()
      } else far.write(bytes)
    })
    far.pipe(near)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const)
      one.on('error', () => undefined).on('close', () => other.destroy())
  })
  await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve))
  const url = new URL(inject('adminUrl'))
  url.port = String((between.address() as AddressInfo).port)
  url.hostname = '127.0.0.1'
  const { db, close } = await openDatabase(url.toString(), { poolSize: 1 })
  expect([...(await db.execute(sql`select array[1, 2] as back`))]).toEqual([{ back: [1, 2] }])
  await close()
  between.close()
  expect(asked).toBe(0)
})

/** A process that starts a cluster, writes a row, reports it, and waits to be killed. */
const victim = `
  import { startCluster, openDatabase } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)}
  const cluster = await startCluster({ folder: process.argv[1], durable: true })
  const { db } = await openDatabase(cluster.url())
  await db.$client.unsafe('create table survivor as select 42 as answer')
  process.stdout.write('written')
  setInterval(() => undefined, 1000)`

/** Starts that process; answers once its row is written. */
async function startVictim() {
  const folder = await mkdtemp(join(tmpdir(), 'ringmain-cluster-'))
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', victim, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve())
    child.once('exit', () => reject(new Error('the process that was to be killed ended by itself')))
  })
  const postgresPid = Number((await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8')).split('\n')[0])
  const kill = async () => {
    const dead = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await dead
  }
  return { folder, postgresPid, kill }
}

const isRunning = (pid: number) =>
  spawnSync('ps', ['-o', 'stat=', '-p', String(pid)])
    .stdout.toString()
    .trim() !== ''

async function findsTheRow(folder: string) {
  const cluster = await startCluster({ folder, durable: true })
  const { db, close } = await openDatabase(cluster.url())
  expect([...(await db.$client`select answer from survivor`)]).toEqual([{ answer: 42 }])
  await close()
  await cluster.stop()
  await rm(folder, { recursive: true, force: true })
}

test('a PostgreSQL ends with the process that started it, though that is killed, and the next one has its data', async () => {
  const { folder, postgresPid, kill } = await startVictim()
  await kill()
  await expect.poll(() => isRunning(postgresPid), { timeout: 30_000 }).toBe(false)
  await findsTheRow(folder)
})

test('a PostgreSQL that was left behind all the same ends when the next process starts one on its data', async () => {
  const { folder, postgresPid, kill } = await startVictim()
  const processes = spawnSync('ps', ['-eo', 'pid,args']).stdout.toString().split('\n')
  const watch = processes.find((line) => line.trim().endsWith(`watch-parent ${postgresPid}`))
  process.kill(Number(watch?.trim().split(' ')[0]), 'SIGKILL')
  await kill()
  expect(isRunning(postgresPid)).toBe(true)
  await findsTheRow(folder)
  expect(isRunning(postgresPid)).toBe(false)
})

test('a PostgreSQL of a process that lives is shared, and goes on when we are done', async () => {
  const { folder, postgresPid, kill } = await startVictim()
  const shared = await startCluster({ folder, durable: true })
  await shared.stop()
  expect(isRunning(postgresPid)).toBe(true)
  await kill()
  await expect.poll(() => isRunning(postgresPid), { timeout: 30_000 }).toBe(false)
  await rm(folder, { recursive: true, force: true })
})
