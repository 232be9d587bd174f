import { InvalidArgumentError, Option } from 'commander'
import { messageOf } from '../platform/errors/index.ts'
import { trustedProxiesOf } from '../platform/http/index.ts'

/** A TCP port from a flag or variable; 0 takes any free one. */
export function parsePort(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('It must be a port: 0 to 65535.')
  return port
}

/** A whole number of at least 0. */
export function parseCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}

/** A number between two bounds, inclusive. */
export function parseWithin(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (text.trim() === '' || !(value >= least && value <= most))
      throw new InvalidArgumentError(`It must be a number from ${least} to ${most}.`)
    return value
  }
}

/** An address that begins with http or https, without a slash at its end. */
export function parseHttpUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new InvalidArgumentError('It must be an address such as https://ringmain.example.')
  return text.replace(/\/+$/, '')
}

/** Addresses and ranges such as `10.0.0.0/8`, separated by commas. */
export function parseAddressRanges(text: string): string[] {
  const ranges = text.split(',').map((range) => range.trim())
  try {
    trustedProxiesOf(ranges)
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error))
  }
  return ranges
}

/** A flag that an environment variable can give as well. */
export function option<T>(
  flags: string,
  description: string,
  from: { env?: string; fallback?: T; parse?: (text: string) => T } = {},
): Option {
  const made = new Option(flags, description)
  if (from.parse) made.argParser(from.parse)
  if (from.env) made.env(from.env)
  if (from.fallback !== undefined) made.default(from.fallback)
  return made
}

/** `--host`: where a process listens. */
export const hostOption = () =>
  option('--host <address>', 'address to listen on', { env: 'RINGMAIN_HOST', fallback: '127.0.0.1' })

/** `--metrics-port` and `--metrics-host`: where Prometheus and the machine's own watch ask. */
export const metricsOptions = () => [
  option('--metrics-port <port>', 'serve metrics for Prometheus, /healthz and /readyz at this port', {
    env: 'RINGMAIN_METRICS_PORT',
    parse: parsePort,
  }),
  option('--metrics-host <address>', 'address of that port (default: 127.0.0.1); never open it to strangers', {
    env: 'RINGMAIN_METRICS_HOST',
  }),
]

/** The flags of `metricsOptions`. */
export interface MetricsFlags {
  metricsPort?: number
  metricsHost?: string
}

/** Where they have the metrics served. */
export function metricsPlace({ metricsPort, metricsHost }: MetricsFlags): MetricsFlags {
  return {
    ...(metricsPort === undefined ? {} : { metricsPort }),
    ...(metricsHost === undefined ? {} : { metricsHost }),
  }
}

/** `--data`: where a process keeps what is its own. */
export const dataOption = () =>
  option('--data <folder>', 'where data live (default: .ringmain)', { env: 'RINGMAIN_DATA' })

/** `--homes-port`: where the FSP of homes listens. */
export const homesPortOption = () =>
  option('--homes-port <port>', 'the control API of the second FSP, of homes', {
    env: 'RINGMAIN_HOMES_PORT',
    fallback: 7812,
    parse: parsePort,
  })

/** The secret that the passwords of simulated charge points follow from, at both ends. */
export const chargePointSecretOption = () =>
  option('--charge-point-secret <secret>', 'what the first passwords of charge points follow from', {
    env: 'RINGMAIN_CHARGE_POINT_SECRET',
    parse: parseSecret,
  })

/** A secret that cannot be guessed: as long as 128 random bits in base64url, at least. */
function parseSecret(text: string): string {
  if (text.length < 22) throw new InvalidArgumentError('It must have at least 22 characters, such as 128 random bits.')
  return text
}
