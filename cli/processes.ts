import { join } from 'node:path'
import { Command, Option } from 'commander'
import { startGateway } from '../dnp3-gateway/index.ts'
import { startFsp } from '../fsp/index.ts'
import { SystemClock } from '../platform/clock/index.ts'
import { StartupError } from '../platform/errors/index.ts'
import { makeWritableFolder } from '../platform/files/index.ts'
import { createLog, type Log } from '../platform/log/index.ts'
import { readDepots } from '../seeds/index.ts'
import { startServer } from '../server/app/index.ts'
import { option, parseHttpUrl, parsePort } from './options.ts'
import { runUntilStopped } from './run-until-stopped.ts'
import { defaultDataFolder, lastingDatabases } from './system/databases.ts'

/** Clock and log of a process that runs alone. */
export function surroundings(name: string): { clock: SystemClock; log: Log } {
  const log = createLog(name)
  return { clock: new SystemClock((task, err) => log.error({ task, err }, 'periodic task failed')), log }
}

const hostOption = () =>
  option('--host <address>', 'address to listen on', { env: 'RINGMAIN_HOST', fallback: '127.0.0.1' })
const dataOption = () => option('--data <folder>', 'where data live (default: .ringmain)', { env: 'RINGMAIN_DATA' })

/** `ringmain serve`: the DNO's server alone, in live mode. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('the DNO’s server: API, portal, authorization server and periodic work')
    .addOption(hostOption())
    .addOption(option('--port <port>', 'port to listen on', { env: 'RINGMAIN_PORT', fallback: 7800, parse: parsePort }))
    .addOption(
      option('--public-url <url>', 'address by which others reach this server (default: that of its port)', {
        ...{ env: 'RINGMAIN_PUBLIC_URL', parse: parseHttpUrl },
      }),
    )
    .addOption(dataOption())
    .addOption(
      new Option('--role <role>', 'what this process does of the server’s work')
        .choices(['api', 'worker', 'both'])
        .default('both')
        .env('RINGMAIN_ROLE'),
    )
    .addHelpText('after', '\nDATABASE_URL names its PostgreSQL; without it an embedded one runs in the data folder.')
    .action(serve)
}

interface ServeFlags {
  host: string
  port: number
  publicUrl?: string
  data?: string
  role: 'api' | 'worker' | 'both'
}

async function serve(flags: ServeFlags): Promise<void> {
  const dataFolder = flags.data ?? (await defaultDataFolder())
  const databases = await lastingDatabases(dataFolder)
  const around = surroundings('server')
  try {
    const server = await startServer({
      ...{ databaseUrl: databases.serverUrl, host: flags.host, port: flags.port, role: flags.role },
      ...(flags.publicUrl ? { publicUrl: flags.publicUrl } : {}),
      ...{ secretKeyFile: join(dataFolder, 'server.key'), environment: 'live', ...around },
    })
    process.stdout.write(`The server is at ${server.publicUrl}\n`)
    await runUntilStopped(around.clock, { close: () => server.close().then(() => databases.stop()) })
  } catch (error) {
    await databases.stop()
    throw error
  }
}

/** `ringmain gateway`: a DNP3 gateway alone. */
export function gatewayCommand(): Command {
  return new Command('gateway')
    .description('a DNP3 gateway: polls the hubs that the server assigns to it, and delivers what they measure')
    .addOption(
      option('--server <url>', 'the DNO’s server', {
        env: 'RINGMAIN_SERVER',
        fallback: 'http://127.0.0.1:7800',
        parse: parseHttpUrl,
      }),
    )
    .addOption(
      option('--id <name>', 'this gateway’s name at the server', { env: 'RINGMAIN_GATEWAY_ID', fallback: 'gateway-1' }),
    )
    .addOption(
      option('--client-id <id>', 'its OAuth 2.0 client (default: its name)', { env: 'RINGMAIN_GATEWAY_CLIENT_ID' }),
    )
    .addOption(
      option('--client-secret <secret>', 'its secret; better given by the variable', {
        env: 'RINGMAIN_GATEWAY_SECRET',
      }),
    )
    .addOption(
      option('--spool <folder>', 'where measurements wait for the server (default: spool in the data folder)', {
        env: 'RINGMAIN_SPOOL',
      }),
    )
    .action(gateway)
}

interface GatewayFlags {
  server: string
  id: string
  clientId?: string
  clientSecret?: string
  spool?: string
}

async function gateway(flags: GatewayFlags): Promise<void> {
  if (!flags.clientSecret)
    throw new StartupError('The gateway needs its client secret: set RINGMAIN_GATEWAY_SECRET, or use --client-secret.')
  const spoolFolder = flags.spool ?? join(await defaultDataFolder(), 'spool')
  await makeWritableFolder(spoolFolder, 'The spool folder', '--spool')
  const around = surroundings('gateway')
  const running = await startGateway({
    ...{ gatewayId: flags.id, serverUrl: flags.server, clientId: flags.clientId ?? flags.id },
    ...{ clientSecret: flags.clientSecret, spoolFolder, ...around },
  })
  process.stdout.write(`The gateway ${flags.id} works for ${flags.server}\n`)
  await runUntilStopped(around.clock, running)
}

/** `ringmain fsp`: the reference FSP alone. */
export function fspCommand(): Command {
  return new Command('fsp')
    .description('the reference FSP: control API, token endpoint, OCPP 1.6-J central system, depot optimiser')
    .addOption(hostOption())
    .addOption(option('--port <port>', 'its APIs', { env: 'RINGMAIN_FSP_PORT', fallback: 7810, parse: parsePort }))
    .addOption(
      option('--ocpp-port <port>', 'charge points', { env: 'RINGMAIN_OCPP_PORT', fallback: 7811, parse: parsePort }),
    )
    .addOption(
      option('--dno <url>', 'the DNO’s server', {
        env: 'RINGMAIN_SERVER',
        fallback: 'http://127.0.0.1:7800',
        parse: parseHttpUrl,
      }),
    )
    .addOption(
      option('--site-load-key <key>', 'what the site load feed shows; better given by the variable', {
        env: 'RINGMAIN_SITE_LOAD_KEY',
      }),
    )
    .addOption(dataOption())
    .addHelpText(
      'after',
      '\nRINGMAIN_FSP_DATABASE_URL names its PostgreSQL; without it and DATABASE_URL an embedded one runs in the data folder.',
    )
    .action(fsp)
}

interface FspFlags {
  host: string
  port: number
  ocppPort: number
  dno: string
  siteLoadKey?: string
  data?: string
}

async function fsp(flags: FspFlags): Promise<void> {
  if (!flags.siteLoadKey)
    throw new StartupError(
      'The FSP needs the key of its site load feed: set RINGMAIN_SITE_LOAD_KEY, or use --site-load-key.',
    )
  const dataFolder = flags.data ?? (await defaultDataFolder())
  const databases = await lastingDatabases(dataFolder)
  const around = surroundings('fsp')
  try {
    const running = await startFsp({
      ...(await readDepots()),
      ...{ databaseUrl: databases.fspUrl, host: flags.host, port: flags.port, ocppPort: flags.ocppPort },
      ...{ dnoUrl: flags.dno, siteLoadKey: flags.siteLoadKey, secretKeyFile: join(dataFolder, 'fsp.key') },
      ...around,
    })
    process.stdout.write(`The FSP is at ${running.url}, its charge points come to ${running.ocppUrl}\n`)
    await runUntilStopped(around.clock, { close: () => running.close().then(() => databases.stop()) })
  } catch (error) {
    await databases.stop()
    throw error
  }
}
