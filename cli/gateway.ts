import { join } from 'node:path'
import { Command, type Option } from 'commander'
import { startGateway } from '../dnp3-gateway/index.ts'
import { StartupError } from '../platform/errors/index.ts'
import { makeWritableFolder } from '../platform/files/index.ts'
import { type MetricsFlags, metricsOptions, metricsPlace, option, parseCount, parsePort } from './options.ts'
import { runUntilStopped } from './run-until-stopped.ts'
import { tracedSurroundings } from './surroundings.ts'
import { defaultDataFolder } from './system/databases.ts'
import { parseSafeUrl } from './transport-flags.ts'

/** `ringmain gateway`: a DNP3 gateway alone. */
export function gatewayCommand(): Command {
  const command = new Command('gateway').description(
    'a DNP3 gateway: polls the hubs that the server assigns to it, and delivers what they measure',
  )
  for (const each of [...serverOptions(), ...hubOptions()]) command.addOption(each)
  return command.action(gateway)
}

/** For which server it works, and under which name. */
function serverOptions(): Option[] {
  return [
    option('--server <url>', 'the DNO’s server', {
      env: 'RINGMAIN_SERVER',
      fallback: 'http://127.0.0.1:7800',
      parse: parseSafeUrl,
    }),
    option('--id <name>', 'this gateway’s name at the server', { env: 'RINGMAIN_GATEWAY_ID', fallback: 'gateway-1' }),
    option('--client-id <id>', 'its OAuth 2.0 client (default: its name)', { env: 'RINGMAIN_GATEWAY_CLIENT_ID' }),
    option('--client-secret <secret>', 'its secret; better given by the variable', {
      env: 'RINGMAIN_GATEWAY_SECRET',
    }),
    option('--dpop', 'bind access tokens to a key of this process; --server must be the server’s public address', {
      env: 'RINGMAIN_GATEWAY_DPOP',
    }),
    option('--spool <folder>', 'where measurements wait for the server (default: spool in the data folder)', {
      env: 'RINGMAIN_SPOOL',
    }),
    option('--max-spool-mb <megabytes>', 'most that may wait; when it is full the newest are refused, and alarmed', {
      env: 'RINGMAIN_MAX_SPOOL_MB',
      fallback: 1024,
      parse: parseCount,
    }),
    option(
      '--call-per-poll-from <seconds>',
      'hubs with this interval between polls or a longer one are called for each poll and left after it',
      { env: 'RINGMAIN_CALL_PER_POLL_FROM', fallback: 300, parse: parseCount },
    ),
    ...metricsOptions(),
  ]
}

/** How it reaches hubs, and they it. */
function hubOptions(): Option[] {
  return [
    option('--tls-cert <file>', 'certificate (PEM) for hubs that are called by mutual TLS', {
      env: 'RINGMAIN_TLS_CERT',
    }),
    option('--dial-in-port <port>', 'port at which hubs behind a mobile network call, by plain TCP', {
      env: 'RINGMAIN_DIAL_IN_PORT',
      parse: parsePort,
    }),
    option('--dial-in-tls-port <port>', 'port at which they call by mutual TLS', {
      env: 'RINGMAIN_DIAL_IN_TLS_PORT',
      parse: parsePort,
    }),
    option('--dial-in-host <address>', 'address of these ports (default: all for TLS, 127.0.0.1 for plain TCP)', {
      env: 'RINGMAIN_DIAL_IN_HOST',
    }),
    option(
      '--allow-plain-dial-in',
      'open the plain port beyond this machine: only where nobody but the hubs can reach it',
      { env: 'RINGMAIN_ALLOW_PLAIN_DIAL_IN' },
    ),
    option('--tls-key <file>', 'its key (PEM)', { env: 'RINGMAIN_TLS_KEY' }),
    option('--tls-ca <file>', 'authorities (PEM) that the hubs’ certificates must come from', {
      env: 'RINGMAIN_TLS_CA',
    }),
  ]
}

interface GatewayFlags extends MetricsFlags {
  server: string
  id: string
  clientId?: string
  clientSecret?: string
  dpop?: boolean
  spool?: string
  maxSpoolMb: number
  callPerPollFrom: number
  dialInPort?: number
  dialInTlsPort?: number
  dialInHost?: string
  allowPlainDialIn?: boolean
  tlsCert?: string
  tlsKey?: string
  tlsCa?: string
}

/** The three files of mutual TLS, or none of them. */
function tlsFilesOf({ tlsCert, tlsKey, tlsCa }: GatewayFlags) {
  if (!tlsCert && !tlsKey && !tlsCa) return {}
  if (!tlsCert || !tlsKey || !tlsCa)
    throw new StartupError('Mutual TLS needs all of --tls-cert, --tls-key and --tls-ca.')
  return { tlsFiles: { certFile: tlsCert, keyFile: tlsKey, caFile: tlsCa } }
}

async function gateway(flags: GatewayFlags): Promise<void> {
  if (!flags.clientSecret)
    throw new StartupError('The gateway needs its client secret: set RINGMAIN_GATEWAY_SECRET, or use --client-secret.')
  const spoolFolder = flags.spool ?? join(await defaultDataFolder(), 'spool')
  await makeWritableFolder(spoolFolder, 'The spool folder', '--spool')
  const around = await tracedSurroundings('gateway')
  const running = await startGateway({
    gatewayId: flags.id,
    serverUrl: flags.server,
    clientId: flags.clientId ?? flags.id,
    clientSecret: flags.clientSecret,
    dpop: flags.dpop ?? false,
    spoolFolder,
    maxSpoolBytes: flags.maxSpoolMb * 1024 ** 2,
    link: { callPerPollFromS: flags.callPerPollFrom },
    ...around,
    ...metricsPlace(flags),
    ...tlsFilesOf(flags),
    dialIn: {
      isPlainAllowed: flags.allowPlainDialIn ?? false,
      ...(flags.dialInHost === undefined ? {} : { host: flags.dialInHost }),
      ...(flags.dialInPort === undefined ? {} : { port: flags.dialInPort }),
      ...(flags.dialInTlsPort === undefined ? {} : { tlsPort: flags.dialInTlsPort }),
    },
  })
  process.stdout.write(`The gateway ${flags.id} works for ${flags.server}\n`)
  await runUntilStopped(around, running)
}
