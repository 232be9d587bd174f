import { Command } from 'commander'
import { SystemClock, sayStep } from '../platform/clock/index.ts'
import { messageOf } from '../platform/errors/index.ts'
import { createLog, type Log } from '../platform/log/index.ts'
import type { DemoAccount } from '../schemas/access/sessions.ts'
import { readDepotPeople, readEstates, readPeople, readVanUnits } from '../seeds/index.ts'
import { serveControls } from './demo/controls.ts'
import { keepDemoMarket } from './demo/keep-market.ts'
import { loadHistories } from './demo/load-histories.ts'
import { livePast } from './demo/past/past.ts'
import { provocations } from './demo/provocations.ts'
import { homesPortOption, option, parseCount, parsePort, parseWithin } from './options.ts'
import { overTheAir } from './over-the-air.ts'
import { buildPortals } from './portal-build.ts'
import { runUntilStopped } from './run-until-stopped.ts'
import { defaultDataFolder, lastingDatabases } from './system/databases.ts'
import { startSystem } from './system/system.ts'
import { tracingFrom } from './tracing.ts'

interface StartOptions {
  data?: string
  port: number
  fspPort: number
  ocppPort: number
  homesPort: number
  controlsPort: number
  seed: number
  feedFaults: number
}

/** `ringmain start`: the whole demo on this machine. */
export function startCommand(): Command {
  return new Command('start')
    .description(
      'the whole system with nine simulated depots: PostgreSQL, server, gateway, two FSPs, hubs, charge points and vehicles, and homes with heat pumps. Demo accounts and simulators exist in this mode only',
    )
    .addOption(option('--data <folder>', 'where data live (default: .ringmain)', { env: 'RINGMAIN_DATA' }))
    .addOption(option('--port <port>', 'portal and API', { env: 'RINGMAIN_PORT', fallback: 7800, parse: parsePort }))
    .addOption(
      option('--fsp-port <port>', 'the FSP’s APIs', { env: 'RINGMAIN_FSP_PORT', fallback: 7810, parse: parsePort }),
    )
    .addOption(
      option('--ocpp-port <port>', 'the FSP’s port for charge points', {
        env: 'RINGMAIN_OCPP_PORT',
        fallback: 7811,
        parse: parsePort,
      }),
    )
    .addOption(homesPortOption())
    .addOption(
      option('--controls-port <port>', 'the page on which failures can be provoked', {
        env: 'RINGMAIN_CONTROLS_PORT',
        fallback: 7813,
        parse: parsePort,
      }),
    )
    .addOption(option('--seed <number>', 'what the simulated world follows from', { fallback: 1, parse: parseCount }))
    .addOption(
      option('--feed-faults <share>', 'share of the simulated suppliers’ deliveries that fail, 0 to 1', {
        fallback: 0,
        parse: parseWithin(0, 1),
      }),
    )
    .action(start)
}

async function start(options: StartOptions): Promise<void> {
  const log = createLog('ringmain', process.env['RINGMAIN_LOG_LEVEL'] ?? 'warn')
  const say = (line: string) => process.stdout.write(`${line}\n`)
  const dataFolder = options.data ?? (await defaultDataFolder())
  await buildPortals(['portal', 'planner', 'depot'], say)
  say('Starting PostgreSQL…')
  const databases = await lastingDatabases(dataFolder, { withHomes: true })
  const clock = new SystemClock(
    (name, error) => log.error({ task: name, err: error }, 'periodic task failed'),
    () => undefined,
    (byMs) => log.warn({ byMs }, sayStep(byMs)),
  )
  try {
    if (await livePast({ databases, dataFolder, now: clock.now(), log })) say('Two settled months have been made up.')
    say('Starting the DNO’s server and gateway…')
    const people = await readPeople()
    const { tracing, close: closeTracing } = await tracingOfAll(log)
    const system = await startSystem({
      databases,
      dataFolder,
      clock,
      log,
      seed: options.seed,
      suppliers: { faultShare: options.feedFaults },
      air: overTheAir,
      ports: { server: options.port, fsp: options.fspPort, ocpp: options.ocppPort, homes: options.homesPort },
      homes: { estates: await readEstates(), vanUnits: await readVanUnits(), databaseUrl: databases.homesUrl },
      hubRelays: true,
      tracing,
      serverStarted: ({ url }) => sayPortal(say, url, people),
    })
    keepDemoMarket({ system, dataFolder, clock, log })
    const fsps = [system.fsp, system.homes].flatMap((each) => (each ? [`${each.url}/portal/`] : []))
    say(`The FSPs’ portals are at ${fsps.join(' and ')}. Log-ins:`)
    for (const person of await readDepotPeople())
      say(`  ${person.username.padEnd(12)}${person.password.padEnd(18)}${person.role}`)
    const controls = await serveControls(await provocations(system), {
      port: options.controlsPort,
      portalUrl: system.server.url,
      log,
    })
    say(`\nProvoke a communication failure, a breach or the outage of an FSP at ${controls.url}`)
    say('\nAPI reference: /docs. Ctrl-C stops everything; the data stay.')
    const histories = loadHistories(system.server, say, log)
    const stopping = { clock, tracing: { close: closeTracing } }
    await runUntilStopped(stopping, {
      async close() {
        histories.stop()
        await histories.done
        await controls.close()
        await system.close()
        await databases.stop()
      },
    })
  } catch (error) {
    await databases.stop().catch((fault: unknown) => log.error({ err: fault }, messageOf(fault)))
    throw error
  }
}

/** The tracing of each process of the demo, under its own name, if the environment names a collector. */
async function tracingOfAll(log: Log) {
  const names = ['server', 'gateway', 'fsp', 'homes'] as const
  const all = await Promise.all(names.map((name) => tracingFrom(process.env, name, log, false)))
  const tracing = Object.fromEntries(all.flatMap((each, i) => (each.tracing ? [[names[i], each.tracing]] : [])))
  return { tracing, close: async () => void (await Promise.all(all.map((each) => each.tracing?.close()))) }
}

/** Says where the portal is as soon as it can be used, and what goes on meanwhile. */
function sayPortal(say: (line: string) => void, url: string, people: readonly DemoAccount[]): void {
  say(`\nThe portal is at ${url}\n\nDemo log-ins (user name, password, role):`)
  for (const { username, password, roles } of people)
    say(`  ${username.padEnd(12)}${password.padEnd(18)}${roles.join(', ')}`)
  say('\nIt can be used now. The FSPs, depots and homes are starting; two years of load are made up after that, which')
  say('takes a minute or two the first time: until then some loads are not known, and contracts are still to come.\n')
}
