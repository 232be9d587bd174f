import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Instant } from '@js-joda/core'
import { expect, onTestFinished, test } from 'vitest'
import { checkControlApi } from '../../cli/fsp-check.ts'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { operations } from '../../schemas/operations.ts'
import { seedServer } from '../../seeds/index.ts'
import { dispatchJobs } from '../../server/dispatch/index.ts'
import type { Client } from '../support/client.ts'
import { createTestDatabase } from '../support/database.ts'
import { award, eveningTender } from '../support/market.ts'
import { agreed, moveStatement, secondPerson } from '../support/second-person.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const guide = await readFile(new URL('../../docs/writing-an-fsp.md', import.meta.url), 'utf8')
const blocksOf = (language: string) =>
  [...guide.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(([, block]) => block)
/** The guide's blocks of JavaScript, in their order: what its reader puts into one file. */
const program = blocksOf('js').join('\n')
const connections = blocksOf('csv').join('')
/** As the guide starts the program: what is set, and the file. */
const [, mpan = '', file = ''] = /^MPAN=(\d+) node (\S+)$/m.exec(blocksOf('sh').join('')) ?? []
const toldClock = fileURLToPath(new URL('../support/told-clock.mjs', import.meta.url))

const day = '2026-01-15'
const at = (time: string) => Instant.parse(`${day}T${time}:00Z`)

/** The guide's program as a process of its own, and what it has said. */
class Walker {
  readonly #process: ChildProcess
  readonly #clock: SimulatedClock
  #said = ''
  #heard = () => {}
  #end: number | null = null

  private constructor(process: ChildProcess, clock: SimulatedClock) {
    this.#process = process
    this.#clock = clock
    const hear = (part: Buffer) => {
      this.#said += part
      this.#heard()
    }
    process.stdout?.on('data', hear)
    process.stderr?.on('data', hear)
    process.on('close', (code) => {
      this.#end = code ?? -1
      this.#heard()
    })
  }

  static async start(dno: string, clock: SimulatedClock): Promise<Walker> {
    const folder = await mkdtemp(join(tmpdir(), 'ringmain-walk-'))
    await writeFile(join(folder, file), program)
    const child = spawn(process.execPath, ['--import', toldClock, file], {
      cwd: folder,
      env: { DNO: dno, MPAN: mpan, PORT: '0' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    const walker = new Walker(child, clock)
    onTestFinished(async () => {
      child.kill()
      await walker.#until(() => walker.#end !== null)
      await rm(folder, { recursive: true })
    })
    walker.#tellTime()
    return walker
  }

  get said(): string {
    return this.#said
  }

  /** Waits until the program has said something, and returns what follows it on its line. */
  async says(words: string): Promise<string> {
    const found = () => new RegExp(`^(?:waiting until )?${words}(.*)$`, 'm').exec(this.#said)
    await this.#until(() => found() !== null || this.#end !== null)
    const [, rest] = found() ?? []
    if (rest === undefined) throw new Error(`the program ended (${this.#end}) without "${words}":\n${this.#said}`)
    return rest
  }

  /** Waits for its end; its exit code. */
  async ends(): Promise<number | null> {
    await this.#until(() => this.#end !== null)
    return this.#end
  }

  /** Lets time pass, for the DNO and for the program. */
  async passTo(instant: Instant): Promise<void> {
    await this.#clock.advanceTo(instant)
    this.#tellTime()
  }

  #tellTime(): void {
    if (this.#process.connected) this.#process.send({ now: this.#clock.now().toEpochMilli() })
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo())
      await new Promise<void>((resolve) => {
        this.#heard = resolve
      })
  }
}

/** The DNO's people, each by what the guide asks of them. */
interface People {
  server: TestServer
  engineer: Client
  second: Client
}

async function admit({ server, engineer }: People): Promise<string> {
  const { items } = (await engineer.ask(operations.listFsps)).body
  const params = { id: items[0].fspId }
  const accept = engineer.ask(operations.decideOnApplication, { params, body: { decision: 'accept' } })
  await agreed(await secondPerson(server), accept)
  return params.id
}

async function approveAuthority({ engineer }: People): Promise<void> {
  const { items } = (await engineer.ask(operations.listAuthorities)).body
  const call = { params: { id: items[0].authorityId }, body: { decision: 'approve' } }
  expect((await engineer.ask(operations.decideOnAuthority, call)).status).toBe(200)
}

async function publish({ engineer }: People, nodeId: string, gateClosesAt: Instant): Promise<string> {
  const change = { zoneNodeId: nodeId, validFrom: day, gateClosesAt: gateClosesAt.toString() }
  const { tenderId } = (await engineer.ask(operations.draftTender, { body: eveningTender(change) })).body
  expect((await engineer.ask(operations.publishTender, { params: { id: tenderId } })).status).toBe(200)
  return tenderId
}

/** Asks for 30 kW from 17:00 to 18:00. */
async function schedule({ engineer }: People, fuId: string): Promise<void> {
  const values = Array.from({ length: 96 }, (_, i) => (i >= 68 && i < 72 ? 30_000 : null))
  const params = { fuId, day, kind: 'manual' }
  const saved = await engineer.ask(operations.saveManualSchedule, {
    params,
    body: { resolution: 'PT15M', values },
    version: null,
  })
  expect(saved.status).toBe(200)
  const selected = await engineer.ask(operations.selectDispatchSchedule, { params, body: { kind: 'manual' } })
  expect(selected.status).toBe(200)
}

async function issueStatement({ server }: People, fspId: string): Promise<string> {
  const [clerk, other] = [await server.person('clara', 'settlement'), await server.person('sven', 'settlement')]
  const body = { fspId, product: 'A', month: day.slice(0, 7) }
  const { statementId } = (await clerk.ask(operations.prepareStatement, { body })).body
  await moveStatement(clerk, statementId, 'check')
  await moveStatement(other, statementId, 'approve')
  expect((await moveStatement(other, statementId, 'issue')).status).toBe(200)
  return statementId
}

test('the program of the guide for writing an FSP goes from its application to a statement that it has read', async () => {
  const { url } = await createTestDatabase('server')
  const clock = new SimulatedClock(Instant.parse('2026-01-14T09:00:00Z'))
  const server = await startTestServer(url, clock)
  const engineer = await server.person('erin', 'flexibility-engineer')
  const people = { server, engineer, second: await server.person('sam', 'flexibility-engineer') }
  // The demo's network; the walk brings its own connection.
  const places = { host: '127.0.0.1', ports: new Map(), gatewayId: 'gateway-1', integrityPollS: 60 }
  await seedServer(server.context, [], places, 'secret of the gateway')
  const planner = await server.person('pat', 'planner')
  const imported = await planner.ask(operations.importConnections, { text: connections })
  expect(imported).toMatchObject({ status: 200 })
  const walker = await Walker.start(new URL(server.url).origin, clock)

  const [, ownUrl = '', secret = ''] = /(\S+)\/control; its client is dno with the secret (\S+)/.exec(
    await walker.says('our end is at '),
  ) ?? ['', '', '']
  await walker.says('the DNO has decided on our application')
  const fspId = await admit(people)
  await walker.says('we have authority over the MPAN')
  await approveAuthority(people)
  const [, fuId = '', nodeId = ''] = /^(\S+) .* (\S+)$/.exec(await walker.says('our unit ')) ?? []
  await walker.says('a tender at our node is open')
  const tenderId = await publish(people, nodeId, clock.now().plusSeconds(60))
  await walker.says('we are under contract')
  await walker.passTo(clock.now().plusSeconds(60))
  await engineer.ask(operations.evaluateTender, { params: { id: tenderId } })
  await award(people.second, tenderId)
  await walker.says(`the baseline of ${day} has been submitted`)

  await walker.says('an instruction comes')
  await schedule(people, fuId)
  for (const timer of [dispatchJobs(server.context)].flat()) onTestFinished(() => timer.cancel())
  clock.jumpTo(at('16:29'))
  await walker.passTo(at('16:30'))
  for (const from of ['17:00', '17:15', '17:30', '17:45']) {
    await walker.says(`30000 W less from ${at(from)} begin`)
    await walker.passTo(at(from).plusSeconds(60))
    await walker.says(`30000 W less from ${at(from)} end`)
  }
  await walker.passTo(at('18:01'))
  await walker.says('the day is over')
  clock.jumpTo(Instant.parse('2026-01-16T00:30:00Z'))
  await walker.passTo(Instant.parse('2026-01-16T00:31:00Z'))
  await walker.says('1440 quarter-hours are stored')

  await walker.says('the statement is issued')
  const checks = { url: `${ownUrl}/control`, tokenEndpoint: `${ownUrl}/token`, clientId: 'dno', clientSecret: secret }
  expect((await checkControlApi({ ...checks, fuId })).filter(({ ok }) => !ok)).toEqual([])
  const statementId = await issueStatement(people, fspId)
  expect([walker.said, await walker.ends()]).toEqual([expect.any(String), 0])

  // By then the first engineer's session is over.
  const reader = await server.person('rita', 'flexibility-engineer')
  const query = { day, fuId }
  const { items } = (await reader.ask(operations.listInstructions, { query })).body
  const params = { id: items[0].instructionId }
  const { state, reports } = (await reader.ask(operations.readInstruction, { params })).body
  expect([items.length, state]).toEqual([4, 'ended'])
  expect(reports.map(({ status }: { status: string }) => status)).toEqual(['started', 'delivering', 'ended'])
  const { number, totalGbp } = (await reader.ask(operations.readStatement, { params: { id: statementId } })).body
  // Eight quarter-hours available at 10p, and in four of them 7.5 kWh at £95.50/MWh: 4 × £0.82 + 4 × £0.10.
  expect(totalGbp).toBe('3.68')
  expect(walker.said).toContain(`${number}: 8 lines, £3.68\n`)
  expect(walker.said).toContain('Delivered, Wh: clamp(12000 − 4500, 0, 7500) = 7500\n')
}, 900_000)
