import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import { startHubSimulator } from '../dnp3-gateway/simulator/index.ts'
import { startHomesFsp } from '../fsp/index.ts'
import {
  readSessions,
  type SpokenVersion,
  sessionColumnsHelp,
  startChargePointSimulator,
} from '../fsp/simulator/index.ts'
import { messageOf, StartupError } from '../platform/errors/index.ts'
import { hubAddresses, hubsOf, readDepots, readEstates } from '../seeds/index.ts'
import {
  chargePointSecretOption,
  dataOption,
  homesPortOption,
  option,
  parseCount,
  parseHttpUrl,
  parsePort,
} from './options.ts'
import { overTheAir } from './over-the-air.ts'
import { runUntilStopped } from './run-until-stopped.ts'
import { surroundings, tracedSurroundings } from './surroundings.ts'
import { chargePointKeys } from './system/charge-point-keys.ts'
import { defaultDataFolder, lastingDatabases } from './system/databases.ts'
import { parseSafeUrl } from './transport-flags.ts'

/** `ringmain simulate`: the simulated world, for trials without hardware. */
export function simulateCommand(): Command {
  return new Command('simulate')
    .description(
      'the simulated world: the nine depots’ hubs, or their charge points with vehicles; or a second FSP with its homes',
    )
    .addCommand(hubsCommand())
    .addCommand(chargePointsCommand())
    .addCommand(homesCommand())
}

function homesCommand(): Command {
  return new Command('homes')
    .description(
      'an FSP of homes with heat pumps: registers with the DNO, bids, submits schedules for products B and C, turns down, meters',
    )
    .addOption(
      option('--dno <url>', 'the DNO’s server', {
        env: 'RINGMAIN_SERVER',
        fallback: 'http://127.0.0.1:7800',
        parse: parseSafeUrl,
      }),
    )
    .addOption(option('--host <address>', 'address to listen on', { env: 'RINGMAIN_HOST', fallback: '127.0.0.1' }))
    .addOption(homesPortOption())
    .addOption(option('--seed <number>', 'what the homes’ need follows from', { fallback: 1, parse: parseCount }))
    .addOption(dataOption())
    .addHelpText(
      'after',
      '\nRINGMAIN_HOMES_DATABASE_URL names its PostgreSQL; without it and DATABASE_URL an embedded one runs in the data folder.\nThe DNO must know the connections of seeds/estates.json by their MPANs.',
    )
    .action(simulateHomes)
}

async function simulateHomes(flags: { dno: string; host: string; homesPort: number; seed: number; data?: string }) {
  const around = await tracedSurroundings('homes')
  const dataFolder = flags.data ?? (await defaultDataFolder())
  const databases = await lastingDatabases(dataFolder, { withHomes: true })
  try {
    const running = await startHomesFsp({
      databaseUrl: databases.homesUrl,
      environment: 'live',
      host: flags.host,
      port: flags.homesPort,
      dnoUrl: flags.dno,
      estates: await readEstates(),
      seed: flags.seed,
      secretKeyFile: join(dataFolder, 'homes.key'),
      ...around,
    })
    process.stdout.write(`The homes’ FSP is at ${running.url}\n`)
    await runUntilStopped(around, { close: () => running.close().then(() => databases.stop()) })
  } catch (error) {
    await databases.stop()
    throw error
  }
}

function hubsCommand(): Command {
  return new Command('hubs')
    .description('a DNP3 outstation for each depot, on ports that follow each other')
    .addOption(option('--host <address>', 'address to listen on', { env: 'RINGMAIN_HOST', fallback: '127.0.0.1' }))
    .addOption(
      option('--base-port <port>', 'port of the first hub; 0 takes free ones', { fallback: 20_100, parse: parsePort }),
    )
    .addOption(
      option('--world <url>', 'where the simulated charge points say what flows', {
        fallback: 'http://127.0.0.1:7820',
        parse: parseHttpUrl,
      }),
    )
    .action(simulateHubs)
}

async function simulateHubs(flags: { host: string; basePort: number; world: string }): Promise<void> {
  const { depots } = await readDepots()
  const hubs = hubsOf(depots)
  const around = surroundings('hubs')
  const running = await startHubSimulator({
    hubs: hubs.map((hub, i) => ({
      ...hub,
      address: hubAddresses.remoteAddress,
      port: flags.basePort === 0 ? 0 : flags.basePort + i,
    })),
    worldUrl: flags.world,
    host: flags.host,
    ...around,
  })
  for (const { hubId, name } of hubs) process.stdout.write(`${name}: ${flags.host}:${running.ports.get(hubId)}\n`)
  await runUntilStopped(around, running)
}

function chargePointsCommand(): Command {
  return new Command('chargepoints')
    .description('charge points of the nine depots over OCPP 1.6-J or 2.0.1, with vehicles and building load')
    .addOption(option('--ocpp <url>', 'the FSP’s central system', { fallback: 'ws://127.0.0.1:7811/ocpp' }))
    .addOption(
      option('--fsp <url>', 'the FSP’s APIs, which are told the site load', {
        fallback: 'http://127.0.0.1:7810',
        parse: parseSafeUrl,
      }),
    )
    .addOption(option('--site-load-key <key>', 'what the site load feed shows', { env: 'RINGMAIN_SITE_LOAD_KEY' }))
    .addOption(chargePointSecretOption())
    .addOption(
      new Option('--speaks <version>', 'the version of OCPP that they speak')
        .choices(['ocpp1.6', 'ocpp2.0.1'])
        .default('ocpp1.6'),
    )
    .option(
      '--gateways',
      'charge points of the routes by site controllers and back offices use simulated ones, instead of connecting themselves',
    )
    .option('--ocpp-ca <file>', 'authorities (PEM) that the central system’s certificate must come from, for wss')
    .addOption(dataOption())
    .addOption(option('--host <address>', 'address to listen on', { env: 'RINGMAIN_HOST', fallback: '127.0.0.1' }))
    .addOption(option('--port <port>', 'where it says what flows', { fallback: 7820, parse: parsePort }))
    .addOption(option('--seed <number>', 'what vehicles and loads follow from', { fallback: 1, parse: parseCount }))
    .option('--sessions <file>', 'real charging sessions (CSV) in place of generated vehicles')
    .addHelpText('after', `\n${sessionColumnsHelp}`)
    .action(simulateChargePoints)
}

interface ChargePointFlags {
  ocpp: string
  fsp: string
  siteLoadKey?: string
  chargePointSecret?: string
  speaks: SpokenVersion
  gateways?: true
  ocppCa?: string
  data?: string
  host: string
  port: number
  seed: number
  sessions?: string
}

async function simulateChargePoints(flags: ChargePointFlags): Promise<void> {
  if (!flags.siteLoadKey)
    throw new StartupError('The site load feed needs its key: set RINGMAIN_SITE_LOAD_KEY, or use --site-load-key.')
  if (!flags.chargePointSecret)
    throw new StartupError(
      'The charge points need the secret that their passwords follow from: set RINGMAIN_CHARGE_POINT_SECRET, or use --charge-point-secret.',
    )
  const around = surroundings('charge points')
  const keysFile = join(flags.data ?? (await defaultDataFolder()), 'charge-point-keys.json')
  const running = await startChargePointSimulator({
    ...(await readDepots()),
    ocppUrl: flags.ocpp,
    keys: chargePointKeys(flags.chargePointSecret, keysFile),
    speaks: flags.speaks,
    ...(flags.gateways ? { withGateways: overTheAir } : {}),
    ...(flags.ocppCa ? { ca: await readCa(flags.ocppCa) } : {}),
    fspUrl: flags.fsp,
    siteLoadKey: flags.siteLoadKey,
    seed: flags.seed,
    ...(flags.sessions ? { sessions: await readSessions(flags.sessions) } : {}),
    host: flags.host,
    port: flags.port,
    ...around,
  })
  process.stdout.write(`The charge points’ world is at ${running.url}\n`)
  await runUntilStopped(around, running)
}

async function readCa(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error) => {
    throw new StartupError(`The authorities in ${file} cannot be read (${messageOf(error)}): check --ocpp-ca.`)
  })
}
